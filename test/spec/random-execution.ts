import * as fc from 'fast-check';
import type {
  ActivityStep,
  Definition,
  RetryPolicy,
  Step,
  WaitStep,
} from '../../src/domain/definition/definition.ts';
import { placesOf } from '../../src/domain/definition/places.ts';
import type { ExecutionCommand } from '../../src/domain/execution/commands.ts';
import { decide } from '../../src/domain/execution/decide.ts';
import type { ExecutionEvent } from '../../src/domain/execution/events.ts';
import { pendingOf, type PendingAdmission } from '../../src/domain/execution/pending.ts';
import { INITIAL, type ExecutionState } from '../../src/domain/execution/state.ts';

const plain = (value: string | boolean) => ({ source: value, evaluate: () => value });

const retry: RetryPolicy = {
  maxAttempts: 3,
  initial: 1_000,
  multiplier: 2,
  max: 30_000,
  jitter: 0.1,
  nonRetryable: ['Fatal'],
};

const activity = {
  kind: fc.constant('activity' as const),
  name: fc.constantFrom('reserve', 'pay', 'ship', 'thank'),
  activity: fc.constantFrom('call', 'post'),
  output: fc.constant({}),
  maxVisits: fc.constant(100),
  attemptTimeout: fc.constant(1_000),
  stepTimeout: fc.constant(50_000),
  queueTimeout: fc.constant(9_000),
  retry: fc.constantFrom(
    retry,
    { ...retry, maxAttempts: 1 },
    { ...retry, maxAttempts: 5, multiplier: 3, max: 4_000, jitter: 0.5, nonRetryable: [] },
  ),
};

const when = fc.constantFrom(plain(true), plain(false));
const fallback = fc.constantFrom<NonNullable<ActivityStep['fallback']>>(
  { kind: 'skip' },
  { kind: 'activity', activity: 'mail' },
);

const breaker = fc.constant({ threshold: 3, reset: 1_000 });

const activityStep = fc.oneof(
  { weight: 4, arbitrary: fc.record<ActivityStep>(activity) },
  { weight: 1, arbitrary: fc.record<ActivityStep>({ ...activity, when }) },
  { weight: 1, arbitrary: fc.record<ActivityStep>({ ...activity, fallback }) },
  { weight: 1, arbitrary: fc.record<ActivityStep>({ ...activity, breaker }) },
);

const waitStep = fc.record<WaitStep>({
  kind: fc.constant('wait' as const),
  name: fc.constantFrom('rest', 'approval'),
  output: fc.constant({}),
  maxVisits: fc.constant(100),
  on: fc.constantFrom<WaitStep['on']>(
    { kind: 'for', duration: 60_000 },
    { kind: 'signal', signal: 'go' },
    { kind: 'signal', signal: 'go', timeout: 5_000 },
  ),
});

const setStep: fc.Arbitrary<Step> = fc.constant({
  kind: 'set',
  name: 'total',
  output: {},
  maxVisits: 100,
  variables: { total: plain('12') },
});

const step = fc.oneof({ arbitrary: activityStep, weight: 8 }, waitStep, setStep);

const ADMINS = [{ channel: 'slack', recipient: 'admins' }] as const;

const drawn: fc.Arbitrary<Omit<Definition, 'places'>> = fc.record({
  workflow: fc.constantFrom('ship_order', 'refund'),
  hash: fc.constantFrom('sha256:1', 'sha256:2'),
  trigger: fc.constant(undefined),
  route: fc.constant(undefined),
  schedule: fc.constant(undefined),
  idempotencyKey: fc.constant(undefined),
  checkInput: fc.constant(() => []),
  variables: fc.constant({}),
  output: fc.constant(undefined),
  concurrency: fc.constant(undefined),
  retention: fc.constant(undefined),
  steps: fc.uniqueArray(step, { selector: ({ name }) => name, maxLength: 7, size: 'max' }),
  runTimeout: fc.constant(90_000_000),
  onError: fc.constantFrom('compensate', 'compensate', 'stop', 'continue'),
  compensation: fc.record({
    strategy: fc.constantFrom('reverse', 'forward'),
    mode: fc.constant('automatic'),
    byStep: fc.constantFrom(
      {},
      { reserve: { activity: 'release' }, pay: { activity: 'refund' } },
      { reserve: { activity: 'release' }, pay: { activity: 'refund' }, ship: { activity: 'call_back' } },
    ),
    activities: fc.constantFrom([], ['tidy']),
    retry: fc.constant(retry),
    attemptTimeout: fc.constant(1_000),
  }),
  notifications: fc.record({
    usual: fc.constant(ADMINS),
    failure: fc.constantFrom([], ADMINS),
    compensation: fc.constantFrom([], ADMINS),
  }),
  tracing: fc.constantFrom(undefined, { enabled: true, samplingRate: 0.5, capture: true }),
  logging: fc.constantFrom(undefined, { level: 'warn' as const }),
});

const definition = drawn.map((parts): Definition => ({ ...parts, places: placesOf(parts.steps) }));

interface Move {
  readonly does: 'limit' | 'complete' | 'fail' | 'give_up' | 'interrupt' | 'signal' | 'lose' | 'cancel';
  readonly later: number;
  readonly random: number;
}

/** One draw of what the world does next, how many milliseconds later, and what is random then. */
const move = fc.record<Move>({
  does: fc.oneof(
    { weight: 14, arbitrary: fc.constant('complete') },
    { weight: 10, arbitrary: fc.constant('fail') },
    { weight: 4, arbitrary: fc.constantFrom('give_up', 'interrupt') },
    { weight: 2, arbitrary: fc.constantFrom('signal', 'lose') },
    { weight: 1, arbitrary: fc.constant('limit') },
    { weight: 1, arbitrary: fc.constantFrom('cancel', 'signal') },
  ),
  later: fc.oneof(fc.nat(2_000), fc.nat(1_200_000)),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

/** An execution that may happen: a definition, and what the world does. */
export const randomRun = fc.record({
  definition,
  // Otherwise most runs would be over before they have anything to undo.
  moves: fc.array(move, { maxLength: 40, size: 'max' }),
  first: fc.nat(3_600_000),
});

/** A draw of `randomRun`. */
export type RandomRun = typeof randomRun extends fc.Arbitrary<infer T> ? T : never;

/** A command that was carried out, and what it came to. */
export interface Decided {
  readonly command: ExecutionCommand;
  readonly at: number;
  readonly random: number;
  readonly before: ExecutionState;
  readonly state: ExecutionState;
  readonly events: readonly ExecutionEvent[];
}

const FAILURES = {
  fail: { type: 'Oops', retry: 'by_policy' },
  give_up: { type: 'Fatal', retry: 'by_policy' },
  interrupt: { type: 'Interrupted', retry: 'always' },
} as const;

const answerTo = ({ step, attempt }: PendingAdmission, refused: boolean): ExecutionCommand => {
  const at = { gate: 'circuit_breaker', key: step, count: 3, of: 3 } as const;
  if (!refused) return { type: 'admit', step, attempt, passed: [at] };
  const error = { type: 'CircuitOpen', message: 'It is open.' };
  return { type: 'reject', step, attempt, refusal: { ...at, error } };
};

const commandOf = (
  { does, later }: Move,
  definition: Definition,
  state: ExecutionState,
): ExecutionCommand | undefined => {
  if (does === 'cancel') return { type: 'terminate', reason: 'enough' };
  if (does === 'signal') return { type: 'signal', signal: 'go', payload: { by: 'someone' } };
  const all = pendingOf(definition, state);
  const pending = does === 'limit' ? all.at(-1 - (later % 2)) : all[0];
  switch (pending?.kind) {
    case 'attempt': {
      const { step, attempt, compensation } = pending;
      if (does === 'complete' || does === 'lose')
        return { type: 'complete_attempt', step, attempt, compensation, output: 'out' };
      const { type, retry } = FAILURES[does === 'limit' ? 'fail' : does];
      const error = { type, message: 'It went wrong.' };
      return { type: 'fail_attempt', step, attempt, compensation, error, retry };
    }
    case 'timer':
      return { ...pending, type: 'fire_timer' };
    case 'admission':
      return answerTo(pending, does !== 'complete');
    case 'activity':
      return { type: 'go_on' };
    default:
      return undefined;
  }
};

/** Every command of a run that came to something, in order. */
export const decisionsOf = (
  { definition, moves, first }: RandomRun,
  executionId: string,
): readonly Decided[] => {
  const decided: Decided[] = [];
  let state = INITIAL;
  let now = Date.UTC(2026, 0, 1) + first;
  const carryOut = (command: ExecutionCommand, served: boolean, random: number): void => {
    const context = { executionId, now, random: () => random, serves: () => served };
    const { events, state: after } = decide(definition, state, command, context);
    if (events.length === 0) return;
    decided.push({ command, at: now, random, before: state, state: after, events });
    state = after;
  };
  carryOut({ type: 'start', id: executionId, trigger: 'manual', input: null, event: null }, true, 0);
  for (const next of moves) {
    if (state.status !== 'running' && state.status !== 'compensating') break;
    now += next.later;
    const command = commandOf(next, definition, state);
    if (command !== undefined) carryOut(command, next.does !== 'lose', next.random);
  }
  return decided;
};
