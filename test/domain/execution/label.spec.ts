import { describe, expect, test } from 'vitest';
import { completed, define, failed, given, lastOf, start } from '../../spec/execution.ts';

const labelled = (label: string, more = '') =>
  define(`
workflow: order
variables: { order: O-1, tags: [a, 1] }
activities:
  - name: charge
    label: '${label}'
    ${more}
`);

const labelFor = (label: string): unknown => {
  const { facts } = lastOf(given(labelled(label)).when(start()).events);
  return 'label' in facts ? facts.label : undefined;
};

describe('the label of a step', () => {
  test('is said where it begins, as it is then, and so in each of its attempts', () => {
    const retried = labelled('charge ${workflow.order}', 'retry: { max_attempts: 2 }');
    const begun = given(retried).after(start());
    given(retried)
      .when(start())
      .thenEvents({}, { type: 'step.started', facts: { label: 'charge O-1' } });
    const { events } = begun.when(failed('charge'));
    const { facts } = lastOf(events);
    begun
      .after(failed('charge'))
      .when({ type: 'fire_timer', step: 'charge', dueAt: 'dueAt' in facts ? (facts.dueAt ?? 0) : 0 })
      .thenEvents({ type: 'step.started', facts: { attempt: 2, label: 'charge O-1' } });
  });

  test('is said where it waits to begin', () => {
    given(labelled('charge ${workflow.order}'))
      .when(start(), { unserved: ['charge'] })
      .thenEvents({}, { type: 'step.queued', facts: { label: 'charge O-1' } });
    const asking = given(labelled('charge ${workflow.order}', 'bulkhead: { max_concurrent: 1 }')).after(
      start(),
    );
    asking
      .when({
        type: 'queue',
        step: 'charge',
        attempt: 1,
        gate: 'bulkhead',
        key: 'charge',
        position: 1,
        of: 1,
      })
      .thenEvents({ type: 'step.queued', facts: { reason: 'limit', label: 'charge O-1' } });
  });

  test.each([
    ['wait', 'wait: { for: 1h }', 'wait'],
    ['approval', 'approval: {}', 'approval'],
    ['emit', 'emit: { event: e }', 'emit'],
    ['child', 'workflow: { name: other }', 'workflow'],
    ['block', 'parallel: { branches: [[{ name: i }]] }', 'parallel'],
  ])('is said of a step that calls nothing, too: %s', (_, step, activity) => {
    const { events } = given(labelled('${workflow.order}', step)).when(start());
    expect(events[1]).toMatchObject({ type: 'step.started', facts: { activity, label: 'O-1' } });
  });

  test('is said of what answers for the step', () => {
    given(labelled('charge ${workflow.order}', 'fallback: { activity: invoice }'))
      .after(start())
      .when(failed('charge'))
      .thenEvents({}, { type: 'step.started', facts: { fallback: true, label: 'charge O-1' } });
  });

  test('sees the item of its turn', () => {
    const loop = define(`
workflow: loop
activities:
  - name: each
    foreach: { items: [a, b], concurrency: 2, steps: [{ name: act, label: '\${item} \${index}' }] }
`);
    const labels = given(loop)
      .when(start())
      .events.flatMap(({ facts }) => ('label' in facts ? [facts.label] : []));
    expect(labels).toEqual(['a 0', 'b 1']);
  });

  test('is a text, whatever it comes to, of at most 200 whole characters', () => {
    expect(labelFor('${workflow.tags}')).toBe('["a",1]');
    expect(labelFor('${1 + 1}')).toBe('2');
    expect(labelFor('x'.repeat(201))).toBe('x'.repeat(200));
    expect(labelFor('😀'.repeat(300))).toBe('😀'.repeat(100));
    expect(labelFor(`x${'😀'.repeat(300)}`)).toBe(`x${'😀'.repeat(99)}`);
  });

  test('is none where it cannot be had, or is nothing: the step runs as without it', () => {
    expect(labelFor('${workflow.who}')).toBeUndefined();
    expect(labelFor('${null}')).toBeUndefined();
    expect(labelFor('${""}')).toBeUndefined();
    given(labelled('${workflow.who}'))
      .after(start())
      .when(completed('charge'))
      .thenTypes('step.completed', 'execution.completed');
  });

  test('that reads what nothing sets keeps no run from another version', () => {
    given(labelled('x'))
      .after(start())
      .when({ type: 'migrate', to: labelled('${workflow.who}'), number: 2, reason: 'better' })
      .thenTypes('execution.migrated');
  });
});
