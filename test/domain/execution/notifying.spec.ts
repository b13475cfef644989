import { describe, expect, test } from 'vitest';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { completed, define, failed, given, notUndone, start, undone } from '../../spec/execution.ts';

const ADMINS = [
  { channel: 'slack', recipient: 'admins' },
  { channel: 'email', recipient: 'admins' },
];
const OWNER = [{ channel: 'webhook', recipient: 'owner' }];

const told = (events: readonly ExecutionEvent[]) =>
  events.flatMap(({ type, facts }) => ('notifies' in facts ? [[type, facts.notifies]] : []));

const workflow = (more: string) => define(`workflow: w\nactivities: [{ name: a }, { name: b }]\n${more}`);

const FAILURE =
  'error_handling:\n  workflow_error: { notification: { channels: [slack, email], recipients: [admins] } }\n';

const undoing = (notification: string) =>
  workflow(`
error_handling:
  workflow_error: { strategy: compensate, notification: { channels: [slack, email], recipients: [admins] } }
compensation: { notification: ${notification} }
compensation_activities: { a: { activity: undo_a } }
`);

describe('who is told by an execution', () => {
  test('that it has failed', () => {
    const { events } = given(workflow(FAILURE)).after(start()).when(failed('a'));
    expect(told(events)).toEqual([['execution.failed', ADMINS]]);
  });

  test('that it has failed as it began', () => {
    const definition = define(
      `workflow: w\nvariables: { v: "\${input.no}" }\nactivities: [{ name: a }]\n${FAILURE}`,
    );
    expect(told(given(definition).when(start()).events)).toEqual([['execution.failed', ADMINS]]);
  });

  test('nothing of one that goes well, or where nobody is said', () => {
    const going = given(workflow(FAILURE)).after(start()).after(completed('a'));
    expect(told(going.when(completed('b')).events)).toEqual([]);
    expect(told(given(workflow('')).after(start()).when(failed('a')).events)).toEqual([]);
  });

  test('that it was undone', () => {
    const undone_ = given(undoing('false')).after(start()).after(completed('a'));
    expect(told(undone_.when(failed('b')).events)).toEqual([]);
    expect(told(undone_.after(failed('b')).when(undone('a')).events)).toEqual([['saga.compensated', ADMINS]]);
  });

  test('that it could not be undone wholly', () => {
    const run = given(undoing('false')).after(start()).after(completed('a')).after(failed('b'));
    const { events } = run.when(notUndone('a'));
    expect(told(events)).toEqual([['execution.failed', ADMINS]]);
    expect(events.at(-1)).toMatchObject({ facts: { uncompensated: ['a'] } });
  });

  test('that it begins to be undone, and how that ended, each of them once', () => {
    const run = given(undoing('true')).after(start()).after(completed('a'));
    expect(told(run.when(failed('b')).events)).toEqual([['saga.compensating', ADMINS]]);
    expect(told(run.after(failed('b')).when(undone('a')).events)).toEqual([['saga.compensated', ADMINS]]);
    const other = given(undoing('{ channels: [webhook], recipients: [owner] }'))
      .after(start())
      .after(completed('a'));
    expect(told(other.when(failed('b')).events)).toEqual([['saga.compensating', OWNER]]);
    const end = other.after(failed('b')).when(undone('a'));
    expect(told(end.events)).toEqual([['saga.compensated', [...ADMINS, ...OWNER]]]);
  });

  test('that it was called off and is being undone, and how that ended', () => {
    const run = given(undoing('{ channels: [webhook], recipients: [owner] }'))
      .after(start())
      .after(completed('a'));
    const cancel = { type: 'cancel', reason: 'no need', compensate: true } as const;
    expect(told(run.when(cancel).events)).toEqual([['saga.compensating', OWNER]]);
    const end = run.after(cancel);
    expect(told(end.when(undone('a')).events)).toEqual([['execution.cancelled', OWNER]]);
    // Whoever hears of failures is wanted when something is left.
    expect(told(end.when(notUndone('a')).events)).toEqual([['execution.cancelled', [...ADMINS, ...OWNER]]]);
    const terminate = { type: 'terminate', reason: 'enough' } as const;
    expect(told(end.when(terminate).events)).toEqual([['execution.cancelled', [...ADMINS, ...OWNER]]]);
    expect(told(run.when(terminate).events)).toEqual([]);
    expect(told(run.when({ type: 'cancel', reason: 'no need' }).events)).toEqual([]);
  });

  test('that one that failed was terminated amid its undoing', () => {
    const run = given(undoing('false')).after(start()).after(completed('a')).after(failed('b'));
    expect(told(run.when({ type: 'terminate', reason: 'enough' }).events)).toEqual([
      ['execution.cancelled', ADMINS],
    ]);
  });

  test('that a run goes on without a step', () => {
    const definition = workflow(
      FAILURE.replace('workflow_error: { ', 'workflow_error: { strategy: continue, '),
    );
    const { events } = given(definition).after(start()).when(failed('a'));
    expect(told(events)).toEqual([['step.failed', ADMINS]]);
  });

  test.each([
    ['skip', 'step.skipped'],
    ['instead', 'step.started'],
  ])('that a step has fallen back to %s', (activity, next) => {
    const definition = workflow(`
notification: { channels: [webhook], recipients: [owner] }
error_handling:
  activity_error: { fallback: { activity: ${activity}, notify: true } }
  workflow_error: { notification: { channels: [slack, email], recipients: [admins] } }
`);
    const { events } = given(definition).after(start()).when(failed('a'));
    expect(told(events)).toEqual([['step.failed', OWNER]]);
    expect(events[1]?.type).toBe(next);
  });

  test('nothing of a fallback that is not to tell', () => {
    const definition = workflow(`${FAILURE}  activity_error: { fallback: { activity: skip } }\n`);
    expect(told(given(definition).after(start()).when(failed('a')).events)).toEqual([]);
  });
});
