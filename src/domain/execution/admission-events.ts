import type { LimitGate } from '../flow/limits.ts';
import type { Resource } from '../flow/resources.ts';
import type { Attempted, E, ErrorPayload } from './events.ts';
import type { Rank } from './rank.ts';

/** What may keep an attempt from being made. */
export type Gate = 'circuit_breaker' | LimitGate | 'rate_limit' | Resource;

interface AtGate extends Attempted {
  readonly gate: Gate;
  /** Which one of its kind: the activity, the workflow, or the node. */
  readonly key: string;
}

/** A gate, and how many of how many it has counted. */
export interface Passed {
  readonly gate: Gate;
  readonly key: string;
  readonly count: number;
  readonly of: number;
  /** Of a node's resource: how much of it the attempt takes. */
  readonly needs?: number;
}

/** Why a gate does not let an attempt through. */
export interface Refusal extends Passed {
  readonly error: ErrorPayload;
}

/** The attempt is to be made as soon as what its activity is limited by lets it. `attempt` is the one that it will be. */
export type StepRequested = E<
  'step.requested',
  Attempted &
    Rank & {
      /** What of the `key` of its limit is kept: a hash, since the value may be personal. */
      readonly rateKey?: string;
      /** Until when it may wait. */
      readonly dueAt?: number;
    }
>;

/**
 * A gate lets the attempt through; `count` of `of` are by now: of a breaker, the failures that opened it; of what lets only
 * so many in, those that are; of a node's resource, thousandths of a core or MiB that are reserved, of which it `needs` some.
 */
export type StepAdmitted = E<
  'step.admitted',
  AtGate & { readonly count: number; readonly of: number; readonly needs?: number }
>;

/**
 * A gate lets the attempt not through: nothing is called, and `attempt` is the number of the next one that is. `count` of
 * `of`: failures that opened a breaker, attempts that wait. It counts against the retry policy; `dueAt` is when it asks
 * again, if it does.
 */
export type StepRejected = E<
  'step.rejected',
  AtGate & {
    readonly errorType: string;
    readonly count: number;
    readonly of: number;
    readonly delay?: number;
    readonly dueAt?: number;
  },
  { readonly error: ErrorPayload }
>;

/** What is said of an attempt that waits at a gate. */
export interface QueuedAtGate {
  readonly reason: 'limit';
  readonly gate: Gate;
  readonly key: string;
  /** From 1. */
  readonly position: number;
  readonly of: number;
  /** Of a node's resource: how much of it the attempt takes, and how much there is. */
  readonly needs?: number;
  readonly capacity?: number;
}

/** How an attempt comes to be made, or not, where its activity is limited. */
export type AdmissionEvent = StepRequested | StepAdmitted | StepRejected;
