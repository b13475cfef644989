import { describe, expect, test } from 'vitest';
import type { SealedCommit } from '../../src/domain/chain.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { historyOf, openEngine, recordedOf } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const steps = (count: number) =>
  `workflow: sequence\nactivities:\n${Array.from({ length: count }, (_, step) => `  - name: step_${step + 1}\n    activity: work\n`).join('')}`;

const counted = (log: EventLog): { readonly log: EventLog; readonly commits: SealedCommit[] } => {
  const commits: SealedCommit[] = [];
  const append: EventLog['append'] = (commit) => {
    commits.push(commit);
    return log.append(commit);
  };
  return { log: { ...log, append }, commits };
};

describe('a sequence of steps', () => {
  test('of five is six appends and twelve events', async () => {
    const { log, commits } = counted(await temporaryLog());
    const { run } = openEngine({
      log,
      activities: { work: () => 1 },
    });
    const { id, types } = await run(steps(5));
    const own = commits.filter(({ stream }) => stream === `execution-${id}`);
    expect(own.map(({ events }) => events.length)).toEqual([2, 2, 2, 2, 2, 2]);
    const pair = ['step.started', 'step.completed'];
    expect(types).toEqual([
      'execution.started',
      ...pair,
      ...pair,
      ...pair,
      ...pair,
      ...pair,
      'execution.completed',
    ]);
    expect(verifyChain(`execution-${id}`, await recordedOf(log, id))).toMatchObject({ ok: true });
  });

  test('has each attempt durable in the log before its activity is called', async () => {
    const log = await temporaryLog();
    const found: unknown[] = [];
    const { run } = openEngine({
      log,
      activities: {
        work: async ({ executionId, step, attempt }) => {
          const last = (await historyOf(log, executionId)).at(-1);
          found.push([last?.type, last?.facts, { step, attempt }]);
        },
      },
    });
    await run(steps(3));
    expect(found).toEqual(
      ['step_1', 'step_2', 'step_3'].map((step) => [
        'step.started',
        { workflow: 'sequence', step, activity: 'work', attempt: 1, fallback: false },
        { step, attempt: 1 },
      ]),
    );
  });

  test('ends at once when there is nothing to wait for', async () => {
    const log = await temporaryLog();
    const { run } = openEngine({ log, activities: {} });
    const { types, state } = await run(
      'workflow: settings\nactivities:\n  - name: note\n    set: { variables: { a: 1 } }\n',
    );
    expect(types).toEqual(['execution.started', 'variables.set', 'execution.completed']);
    expect(state.variables).toEqual({ a: 1 });
  });

  test('tells an activity what it serves, with a key that is the same over attempts', async () => {
    const log = await temporaryLog();
    const told: object[] = [];
    const { start, end, clock } = openEngine({
      log,
      activities: {
        work: ({ executionId, workflow, step, attempt, idempotencyKey, signal }) => {
          told.push({ executionId, workflow, step, attempt, idempotencyKey, aborted: signal.aborted });
          if (attempt === 1) throw new Error('not yet');
        },
      },
    });
    const { id } = await start(
      'workflow: told\nactivities:\n  - name: work\n    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }\n',
    );
    await clock.armed(clock.now() + 1_000);
    clock.advance(1_000);
    await end(id);
    const same = {
      executionId: id,
      workflow: 'told',
      step: 'work',
      idempotencyKey: `${id}:work`,
      aborted: false,
    };
    expect(told).toEqual([
      { ...same, attempt: 1 },
      { ...same, attempt: 2 },
    ]);
  });

  test.for([
    ['a recorded input', 'input: { n: "${1 + 1}" }', { n: 2 }],
    ['a recorded input that is null', 'input: "${input}"', null],
    ['all variables without one', 'when: true', { a: 1 }],
  ] as const)('hands an activity %s', async ([, line, input], { expect }) => {
    const given: unknown[] = [];
    const { run } = openEngine({
      log: await temporaryLog(),
      activities: { work: (_ctx, found) => void given.push(found) },
    });
    await run(`workflow: inputs\nvariables: { a: 1 }\nactivities:\n  - name: work\n    ${line}\n`);
    expect(given).toEqual([input]);
  });
});
