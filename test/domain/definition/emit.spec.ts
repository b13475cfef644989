import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, refused } from './parsed.ts';

const withEmit = (emit: unknown): string =>
  JSON.stringify({ workflow: 'a', activities: [{ name: 'b', emit }] });

describe('a step that emits an event', () => {
  it('names its type, and what it says', () => {
    const [step] = parsed(withEmit({ event: 'ticket:closed', payload: { id: '${input.id}' } })).definition
      .steps;
    if (step?.kind !== 'emit') throw new Error('Expected a step that emits.');
    expect(step.event).toBe('ticket:closed');
    expect(step.payload?.evaluate({ input: { id: 7 } })).toEqual({ id: 7 });
  });

  it('may say nothing', () => {
    const [step] = parsed(withEmit({ event: 'told' })).definition.steps;
    expect(step).toEqual({ kind: 'emit', name: 'b', event: 'told', maxVisits: 100, output: {} });
  });

  it.each([
    ['nothing', null, 'WRONG_TYPE activities[0].emit'],
    ['a type alone', 'told', 'WRONG_TYPE activities[0].emit'],
    ['no type', { payload: 1 }, 'MISSING_FIELD activities[0].emit'],
    ['an expression for a type', { event: '${input.type}' }, 'WRONG_VALUE activities[0].emit.event'],
    ['a number for a type', { event: 7 }, 'WRONG_TYPE activities[0].emit.event'],
    ['an empty type', { event: '' }, 'WRONG_VALUE activities[0].emit.event'],
    ['an unknown name', { event: 'told', payload: '${outptu}' }, 'UNKNOWN_NAME activities[0].emit.payload'],
  ])('is refused with %s', (_, emit, problem) => {
    expect(refused(withEmit(emit)).map(({ code, path }) => `${code} ${path}`)).toEqual([problem]);
  });

  it('is refused with everything that is wrong, each where it stands', () => {
    const source = `workflow: a
activities:
  - name: b
    emit: { evnt: told }
    timeout: 5s
    set: { variables: {} }
`;
    expect(problemsOf(source)).toEqual([
      '3:5 AMBIGUOUS_STEP activities[0]',
      '4:5 MISSING_FIELD activities[0].emit',
      '4:13 UNKNOWN_FIELD activities[0].emit.evnt',
      '5:5 FIELD_NOT_USED activities[0].timeout',
    ]);
    expect(
      refused(source)
        .map(({ message }) => message)
        .join(),
    ).toContain('Did you mean "event"?');
  });
});
