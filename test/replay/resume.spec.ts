import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import { handClock, type HandClock } from '../spec/clock.ts';
import { CALLER, openEngine, recordedOf, type EngineUnderTest, type Run } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { readHistories, sealedCommits } from './history.ts';

/** Puts this version's engine on a history, a day after it was written. */
const takeUp = async (name: string, activities: Readonly<Record<string, Run>>) => {
  const history = readHistories().find((kept) => kept.name === name);
  if (history === undefined) throw new TypeError(`Expected a history "${name}", but there is none.`);
  const log = await temporaryLog();
  const commits = sealedCommits(history);
  for (const commit of commits) await log.append(commit);
  const clock = handClock((commits.at(-1)?.at ?? 0) + 86_400_000);
  const called: string[] = [];
  const named = Object.entries(activities).map(([activity, run]): [string, Run] => [
    activity,
    (ctx, input) => {
      called.push(`${activity} ${ctx.attempt}`);
      return run(ctx, input);
    },
  ]);
  const under = openEngine({ log, clock, ids: countingIds(0.5, 5), activities: Object.fromEntries(named) });
  const { executionId: id } = history;
  const before = await recordedOf(log, id);
  await under.engine.resume(id);
  return { ...under, log, id, called, before };
};

type TakenUp = Awaited<ReturnType<typeof takeUp>>;

const soon = async ({ clock }: { readonly clock: HandClock }, ms: number): Promise<void> => {
  const at = clock.now() + ms;
  await clock.armed(at);
  clock.advance(ms);
};

const signal = ({ engine, id }: EngineUnderTest & { readonly id: string }, name: string) =>
  engine.executions.handle(id, { type: 'signal', signal: name, payload: { by: 'Ann' } }, CALLER);

const ok: Run = () => ({ seat: '12A' });
const trip = { flight: ok, hotel: ok, pay: ok, cancel_flight: ok, cancel_hotel: ok, tell: ok };

/** What is left unfinished in a history, what this version is to do with it, and what comes of it. */
const cases: readonly (readonly [
  name: string,
  activities: Readonly<Record<string, Run>>,
  play: (under: TakenUp) => Promise<unknown>,
  called: readonly string[],
  types: readonly string[],
])[] = [
  [
    'waiting-for-a-timer',
    { remind: ok },
    (under) => soon(under, 2 * 86_400_000),
    ['remind 1'],
    ['timer.fired', 'step.completed', 'step.started', 'step.completed', 'execution.completed'],
  ],
  [
    'waiting-for-a-signal',
    {},
    (under) => signal(under, 'decided'),
    [],
    ['signal.received', 'step.completed', 'execution.completed'],
  ],
  [
    'waiting-for-a-signal',
    {},
    (under) => soon(under, 86_400_000),
    [],
    ['timer.fired', 'step.failed', 'execution.failed'],
  ],
  [
    'waiting-without-end',
    {},
    (under) => signal(under, 'asked'),
    [],
    ['signal.received', 'step.completed', 'execution.completed'],
  ],
  [
    'paused',
    { wrap: ok },
    ({ engine, id }) => engine.executions.handle(id, { type: 'resume', reason: '' }, CALLER),
    ['wrap 1'],
    ['execution.resumed', 'step.completed', 'step.started', 'step.completed', 'execution.completed'],
  ],
  [
    'queued',
    { of_another_server: ok },
    () => Promise.resolve(),
    ['of_another_server 1'],
    ['step.started', 'step.completed', 'execution.completed'],
  ],
  [
    'interrupted',
    { one: ok, two: ok },
    (under) => soon(under, 1_000),
    ['two 2'],
    ['step.retry_scheduled', 'step.started', 'step.completed', 'execution.completed'],
  ],
  [
    'interrupted-while-compensating',
    trip,
    (under) => soon(under, 0),
    ['cancel_flight 2', 'tell 1'],
    [
      'step.retry_scheduled',
      'step.compensating',
      'step.compensated',
      'step.compensating',
      'step.compensated',
      'saga.compensated',
    ],
  ],
];

describe('an execution that an earlier version left unfinished', () => {
  test.for(cases)('goes on to its end with this one: %s', async ([name, activities, play, called, types]) => {
    const under = await takeUp(name, activities);
    await play(under);
    await under.end(under.id);
    const after = await recordedOf(under.log, under.id);
    expect(after.slice(0, under.before.length)).toEqual(under.before);
    expect(after.slice(under.before.length).map(({ type }) => type)).toEqual(types);
    expect(verifyChain(`execution-${under.id}`, after)).toMatchObject({ ok: true });
    expect([under.called, under.errors]).toEqual([called, []]);
  });

  test('can be cancelled by this one', async () => {
    const { engine, id, end } = await takeUp('waiting-for-a-timer', {});
    await engine.executions.handle(id, { type: 'cancel', reason: 'enough' }, CALLER);
    expect((await end(id)).state.status).toBe('cancelled');
  });

  test.for(['completed', 'failed', 'compensated', 'cancelled'])(
    'is left alone when it is %s',
    async (name) => {
      const { called, before, log, id, engine, clock } = await takeUp(name, trip);
      await engine.executions.settled();
      expect(await recordedOf(log, id)).toEqual(before);
      expect([called, clock.due]).toEqual([[], []]);
      const command = { type: 'cancel', reason: 'too late' } as const;
      await expect(engine.executions.handle(id, command, CALLER)).rejects.toMatchObject({
        code: 'EXECUTION_ENDED',
      });
    },
  );
});
