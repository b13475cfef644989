import * as fc from 'fast-check';
import type { ActivityStep, Definition, Step, WaitStep } from '../../src/domain/definition/definition.ts';
import type { ExecutionCommand } from '../../src/domain/execution/commands.ts';
import { decide } from '../../src/domain/execution/decide.ts';
import type { ExecutionEvent } from '../../src/domain/execution/events.ts';
import { pendingOf } from '../../src/domain/execution/pending.ts';
import { INITIAL, type ExecutionState } from '../../src/domain/execution/state.ts';
import { happened, type Happened } from '../spec/given.ts';
import { emitted, registered } from './samples.ts';

const plain = (value: string | boolean) => ({ source: value, evaluate: () => value });
const retry = { maxAttempts: 3, initial: 1_000, multiplier: 2, max: 30_000, jitter: 0.1, nonRetryable: [] };

const activityStep = fc.record<ActivityStep>(
  {
    kind: fc.constant('activity' as const),
    name: fc.constantFrom('reserve', 'pay', 'ship', 'thank'),
    activity: fc.constantFrom('call', 'post'),
    output: fc.constant({}),
    attemptTimeout: fc.constant(1_000),
    retry: fc.constantFrom(retry, { ...retry, maxAttempts: 1 }),
    when: fc.constantFrom(plain(true), plain(false)),
    fallback: fc.constantFrom({ kind: 'skip' as const }, { kind: 'activity' as const, activity: 'mail' }),
  },
  { requiredKeys: ['kind', 'name', 'activity', 'output', 'attemptTimeout', 'retry'] },
);

const waitStep = fc.record<WaitStep>({
  kind: fc.constant('wait' as const),
  name: fc.constantFrom('rest', 'approval'),
  output: fc.constant({}),
  on: fc.constantFrom<WaitStep['on']>(
    { kind: 'for', duration: 60_000 },
    { kind: 'signal', signal: 'go' },
    { kind: 'signal', signal: 'go', timeout: 5_000 },
  ),
});

const setStep: fc.Arbitrary<Step> = fc.constant({
  kind: 'set',
  name: 'total',
  variables: { total: plain('12') },
});

const step = fc.oneof({ arbitrary: activityStep, weight: 5 }, waitStep, setStep);

const definition: fc.Arbitrary<Definition> = fc.record({
  workflow: fc.constantFrom('ship_order', 'refund'),
  hash: fc.constantFrom('sha256:1', 'sha256:2'),
  trigger: fc.constant(undefined),
  checkInput: fc.constant(() => []),
  variables: fc.constant({}),
  steps: fc.uniqueArray(step, { selector: ({ name }) => name, maxLength: 5 }),
  onError: fc.constantFrom('stop', 'compensate', 'continue'),
  compensation: fc.record({
    strategy: fc.constantFrom('reverse', 'forward'),
    byStep: fc.constantFrom({}, { reserve: { activity: 'release' }, pay: { activity: 'refund' } }),
    activities: fc.constantFrom([], ['tidy']),
    retry: fc.constant({ ...retry, maxAttempts: 2 }),
    attemptTimeout: fc.constant(1_000),
  }),
});

/** One draw of what the world does next, and how many milliseconds later. */
const move = fc.record({
  does: fc.constantFrom('complete', 'complete', 'complete', 'fail', 'fail', 'signal', 'cancel', 'lose'),
  later: fc.oneof(fc.nat(2_000), fc.nat(1_200_000)),
});

type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

const run = fc.record({ definition, moves: fc.array(move, { maxLength: 25 }), first: fc.nat(3_600_000) });

type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;

const commandOf = (
  { does }: Move,
  definition: Definition,
  state: ExecutionState,
): ExecutionCommand | undefined => {
  if (does === 'cancel') return { type: 'cancel', reason: 'enough' };
  if (does === 'signal') return { type: 'signal', signal: 'go', payload: { by: 'someone' } };
  const pending = pendingOf(definition, state);
  switch (pending?.kind) {
    case 'attempt': {
      const { step, attempt, compensation } = pending;
      if (does === 'complete')
        return { type: 'complete_attempt', step, attempt, compensation, output: 'out' };
      const error = { type: 'Oops', message: 'It went wrong.' };
      return { type: 'fail_attempt', step, attempt, compensation, error, retry: 'by_policy' };
    }
    case 'timer':
      return { type: 'fire_timer', step: pending.step, dueAt: pending.dueAt };
    case 'activity':
      return { type: 'resume_queued' };
    default:
      return undefined;
  }
};

/** The commits of one execution; moves that lead to nothing are left out. */
const commitsOf = ({ definition, moves, first }: Run, executionId: string): Happened[] => {
  const commits: Happened[] = [];
  let state = INITIAL;
  let now = Date.UTC(2026, 0, 1) + first;
  const carryOut = (command: ExecutionCommand, served: boolean): void => {
    const context = { executionId, now, random: () => 0.5, serves: () => served };
    const decision = decide(definition, state, command, context);
    if (decision.events.length === 0) return;
    state = decision.state;
    const events: readonly ExecutionEvent[] = decision.events;
    commits.push(happened(`execution-${executionId}`, now, ...events));
  };
  carryOut({ type: 'start', id: executionId, trigger: 'manual', input: null, event: null }, true);
  for (const next of moves) {
    if (state.status !== 'running' && state.status !== 'compensating') break;
    now += next.later;
    const command = commandOf(next, definition, state);
    if (command !== undefined) carryOut(command, next.does !== 'lose');
  }
  return commits;
};

/** Merges queues in the order in which `picks` names them; what is never picked follows at the end. */
const interleave = (queues: readonly Happened[][], picks: readonly number[]): Happened[] => {
  const left = queues.map((queue) => [...queue]);
  const merged = picks.flatMap((pick) => left[pick % Math.max(1, left.length)]?.splice(0, 1) ?? []);
  return [...merged, ...left.flat()];
};

/** A history that the engine could have written: executions of any kind, in between each other, and other streams. */
export const randomHistory: fc.Arbitrary<readonly Happened[]> = fc
  .tuple(fc.array(run, { maxLength: 8 }), fc.array(fc.nat(7), { maxLength: 60 }))
  .map(([runs, picks]) => [
    happened('workflow-ship_order', 0, registered(1)),
    ...interleave(
      [...runs.map((one, n) => commitsOf(one, `e${n}`)), [happened('event-1', 5, emitted())]],
      picks,
    ),
    happened('workflow-ship_order', 9, registered(2, 'order:placed')),
  ]);
