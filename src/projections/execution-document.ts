import type { Actor } from '../domain/event.ts';
import type { ExecutionStatus } from '../domain/execution/events.ts';
import type { SearchValue } from '../domain/definition/search.ts';
import type { TracingDecision } from '../domain/execution/tracing.ts';
import type { StepUnderWay } from './under-way.ts';
import type { Undoing } from './undoing.ts';

/** One execution in short. Times are ms since the Unix epoch, durations ms; null where there is nothing to say. */
export type ExecutionDocument = {
  readonly id: string;
  readonly workflow: string;
  readonly definition: string;
  readonly status: ExecutionStatus;
  /** `manual`, the type of the event that started it, `METHOD /path` of the request, or `workflow` for a child. */
  readonly trigger: string;
  /** What kind of actor started it; who it was is in the log only, since that may be personal. */
  readonly triggeredBy: Actor['kind'];
  /** Whose it is. */
  readonly tenant: string;
  /** What is kept for whoever looks into it; null where nobody has said so. */
  readonly tracing: TracingDecision | null;
  /** What its definition has it found by, as it was evaluated last. */
  readonly search: Readonly<Record<string, SearchValue>>;
  readonly tags: readonly string[];
  /** The same as texts that lists are walked by (`termsOf`). */
  readonly terms: readonly string[];
  /** Of a child: the execution that started it, and the path of the step that did. */
  readonly parent: string | null;
  readonly parentStep: string | null;
  /** How many executions wait for it, one above the other. */
  readonly depth: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly duration: number | null;
  /** The step that is under way; of several, the one that was begun last, or that goes on first when all wait. */
  readonly step: string | null;
  /** What it waits for while nothing of it is called; `queued`: for somebody to serve an activity, or to let it be called. */
  readonly waiting: 'timer' | 'signal' | 'approval' | 'child' | 'queued' | null;
  /** The earliest time at which something comes of itself: a retry, the end of a wait, a time-out. */
  readonly dueAt: number | null;
  /** When its time is over, while it runs or is undone. */
  readonly deadline: number | null;
  /** All steps that are under way, and what each of them waits for. */
  readonly underWay: readonly StepUnderWay[];
  readonly stepsCompleted: number;
  /** Steps that failed for good, without those that a fallback answered for. */
  readonly stepsFailed: number;
  readonly stepsSkipped: number;
  readonly stepsCompensated: number;
  readonly retries: number;
  readonly errorType: string | null;
  readonly errorStep: string | null;
  /** Completed steps that could not be undone, as its end says. */
  readonly uncompensated: readonly string[];
  /** How many those are: of very many the end names only the first. */
  readonly uncompensatedCount: number;
  /** How far it is undone; null when nothing is to be. */
  readonly undoing: Undoing | null;
  /** Its events, and with them its payloads, are in this stream. */
  readonly stream: string;
  /** Revision of the event whose payload holds the input. */
  readonly inputRevision: number;
  /** Revision of the event whose payload holds the error. */
  readonly errorRevision: number | null;
  /** Revision of its latest event, and when that was decided. */
  readonly revision: number;
  readonly updatedAt: number;
};
