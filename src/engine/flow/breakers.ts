import type { ActivityStep } from '../../domain/definition/definition.ts';
import { circuitOpen } from '../../domain/execution/admission.ts';
import type { Passed, Refusal } from '../../domain/execution/admission-events.ts';
import {
  CLOSED,
  decideProbe,
  decideReport,
  evolveBreaker,
  verdictOf,
  type Breaker,
  type BreakerPolicy,
  type CallOutcome,
} from '../../domain/flow/breaker.ts';
import type { AttemptId, BreakerEvent, ByAttempt } from '../../domain/flow/breaker-events.ts';
import { shareStreams, type SharedParts } from './shared-streams.ts';

/** What a breaker answers: that the attempt may be made, with what is worth telling of it, or why not. */
export type Answer =
  | { readonly admitted: true; readonly passed: readonly Passed[] }
  | { readonly admitted: false; readonly refusal: Refusal };

/** The breakers of activities, which all nodes share. */
export interface Breakers {
  /** As it is known here; `undefined` while it is not. */
  known(activity: string): Breaker | undefined;
  /** Answers at once for an attempt that would be refused now; else nothing. Rejects with `LogUnavailable` once it is over. */
  look(step: ActivityStep, by: ByAttempt): Promise<Answer | undefined>;
  /** Asks for an attempt that may be the one to be let through. Rejects with `LogUnavailable` once it is over. */
  ask(step: ActivityStep, by: ByAttempt): Promise<Answer>;
  /** Takes note of how a call ended. Rejects as `ask` does. */
  report(by: ByAttempt, outcome: CallOutcome, policy: BreakerPolicy): Promise<void>;
}

/** What breakers need besides. */
export interface BreakersOptions extends SharedParts {
  /** Whether an attempt is waited for or under way, as its execution's stream says. Rejects as the log does. */
  readonly isOpen: (attempt: AttemptId) => Promise<boolean>;
}

/** Milliseconds between two looks after the attempt that was let through. */
const LOOK = 1_000;

/** Breakers by the activity that they are of. */
export const createBreakers = (options: BreakersOptions): Breakers => {
  const { world, isOpen } = options;
  const { clock } = world;
  const streams = shareStreams<Breaker, BreakerEvent>(options, {
    category: 'breaker',
    types: ['breaker.failed', 'breaker.succeeded', 'breaker.opened', 'breaker.half_opened', 'breaker.closed'],
    initial: CLOSED,
    evolve: evolveBreaker,
    startOf: ({ revision }) => revision,
  });
  const looked = new Map<string, number>();

  const report: Breakers['report'] = async (by, outcome, policy) => {
    await streams.change(by.key, (breaker, now) => decideReport(breaker, by, outcome, policy, now));
  };

  /** Whoever let it through may have ended before it could say how that went: then the next one is let through. */
  const lookAfter = async (by: ByAttempt, policy: BreakerPolicy): Promise<void> => {
    const { probe } = await streams.read(by.key);
    const since = clock.now() - (looked.get(by.key) ?? -Infinity);
    if (probe === undefined || (since >= 0 && since < LOOK)) return;
    looked.set(by.key, clock.now());
    if (await isOpen(probe)) return;
    await report({ ...by, ...probe }, { kind: 'neither', errorType: 'Interrupted' }, policy);
  };

  return {
    known: streams.known,
    report,
    look: async ({ activity, breaker: policy }, by) => {
      if (policy === undefined) return undefined;
      await lookAfter(by, policy);
      const breaker = await streams.read(activity);
      if (verdictOf(breaker, by, clock.now()) !== 'refuse') return undefined;
      return { admitted: false, refusal: circuitOpen(activity, breaker) };
    },
    ask: async ({ activity, breaker: policy }, by) => {
      if (policy === undefined) return { admitted: true, passed: [] };
      await lookAfter(by, policy);
      const breaker = await streams.change(activity, (state, now) => decideProbe(state, by, now));
      const verdict = verdictOf(breaker, by, clock.now());
      if (verdict !== 'call') return { admitted: false, refusal: circuitOpen(activity, breaker) };
      const { status, failures, threshold } = breaker;
      const passed = { gate: 'circuit_breaker', key: activity, count: failures, of: threshold } as const;
      return { admitted: true, passed: status === 'half_open' ? [passed] : [] };
    },
  };
};
