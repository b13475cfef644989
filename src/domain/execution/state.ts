import type { Gate } from './admission-events.ts';
import type { Chunks } from '../chunks.ts';
import { own, type Json, type JsonObject } from '../json.ts';
import type { BlockKind, ErrorPayload, Phase } from './events.ts';
import type { Lifecycle } from './lifecycle.ts';
import { blockOf, keyOf, lineOf, ROOT } from './path.ts';
import type { Rank } from './rank.ts';
import type { Searchable } from './search.ts';
import type { TracingDecision } from './tracing.ts';
import type { Worker } from './worker.ts';

/** What a block knows of its branches. */
export interface BlockState {
  readonly kind: BlockKind;
  /** How many have begun, in their order. */
  readonly begun: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** What a `foreach` goes over. */
  readonly items: readonly Json[];
  /** The cases that a `switch` chose. */
  readonly chosen: readonly string[];
  /** What each turn gave, in the order of the items, where the definition collects that. */
  readonly collected: Chunks<Json>;
  /** Why the first of those that failed did, and the path of the step where that began. */
  readonly error?: ErrorPayload;
  readonly origin?: string;
}

/** A step of a run. */
export interface StepState {
  readonly status:
    'queued' | 'running' | 'retrying' | 'waiting' | 'completed' | 'failed' | 'skipped' | 'cancelled';
  readonly activity: string;
  /** How often the run has come to it: more than once when it jumps back. */
  readonly visit: number;
  /** Its branch has gone on. */
  readonly done: boolean;
  /** Attempts so far, over all visits, the step's activity and its fallback's. */
  readonly attempt: number;
  /** Those of the activity that is called now that count against its retry policy. */
  readonly tries: number;
  /** Of a loop: the key of its first turn, which counts on when the run comes to it again. */
  readonly turns: number;
  readonly fallback: boolean;
  /** When the latest attempt began, ms since the Unix epoch. */
  readonly startedAt: number;
  readonly output: Json;
  readonly error?: ErrorPayload;
  /** When what it waits for comes, or is not waited for any longer: a retry, a wait, somebody to serve it. */
  readonly dueAt?: number;
  /** Since when it is queued, ms since the Unix epoch. */
  readonly queuedAt?: number;
  /** While it is queued: its next attempt has asked to be let through what limits its activity. */
  readonly asks?: true;
  /** What its limit of calls in a time is for. */
  readonly rateKey?: string;
  /** By what it waits for its turn, or has waited for it. */
  readonly lane?: string;
  readonly priority?: number;
  /** Where that waits for its turn. */
  readonly gate?: Gate;
  /** When its time is over, whatever it is at. */
  readonly deadline?: number;
  /** Its time is over: a block fails once its branches are given up. */
  readonly overdue?: true;
  /** By activity, its own or its fallback's: what its attempts of this visit said last of how far they were. */
  readonly progress?: JsonObject;
  /** The signal that it waits for, until it has come. */
  readonly signal?: string;
  /** Who may make the decision that it waits for, while it does; everybody when it is empty. */
  readonly assignees?: readonly string[];
  /** The execution that it has started, or is about to, and waits for. */
  readonly child?: string;
  /** Who makes the attempt that is under way, if it is no node. */
  readonly taken?: Worker;
  readonly block?: BlockState;
}

/** Whether a step is at its branches, and at no call of its own. */
export const runsBranches = ({ block, status, done, fallback }: StepState): boolean =>
  block !== undefined && status === 'running' && !done && !fallback;

/** How many branches of a block are under way. */
export const openBranches = ({ begun, completed, failed, cancelled }: BlockState): number =>
  begun - completed - failed - cancelled;

/** Whether a block's branches are the turns of a loop, each with its own steps, and not alternatives of one turn. */
export const isLoop = ({ kind }: BlockState): boolean => kind === 'foreach' || kind === 'while';

/** A list of steps that is being run: the definition's own, or one of a block. */
export interface BranchState {
  /** How many of its steps have settled, visits counted. */
  readonly settled: number;
  /** The step that settled last. */
  readonly last?: string;
  /** The step that comes next because of a jump. */
  readonly next?: string;
}

/** A step that completed, and so can be undone. */
export interface CompletedStep {
  readonly step: string;
  readonly visit: number;
  readonly output: Json;
  /** Which it was of all that completed, from 1. */
  readonly nth: number;
  /** Of a turn that is over: what the loops around it were at. */
  readonly items?: readonly LoopItem[];
}

/** What a loop is at in a turn. */
export interface LoopItem {
  /** The branch that the turn is. */
  readonly branch: string;
  /** Which it is of the loop's items, from 0. */
  readonly index: number;
  readonly item: Json;
}

/** The undoing of a run. */
export interface CompensationState {
  /** What is to be called, in order, as far as it is named. */
  readonly todo: readonly string[];
  /** How many more there are that no event has named yet; none without it. */
  readonly more?: number;
  /** How many are settled. */
  readonly settled: number;
  /** Those that could not be undone. */
  readonly failed: readonly string[];
  readonly status: 'idle' | 'queued' | 'running' | 'retrying';
  readonly activity: string;
  /** Attempts so far by step, of those that are still to be undone: one that completed more than once is as often. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Those of what is undone now that count against the retry policy. */
  readonly tries: number;
  readonly startedAt: number;
  readonly dueAt?: number;
  /** Who makes the attempt that is under way, if it is no node. */
  readonly taken?: Worker;
  /** Which of the completed steps and activities that can be undone each of `todo` is, when it is not all of them. */
  readonly places?: readonly number[];
  /** Which of `todo` could not be undone. */
  readonly left: readonly number[];
  /** It is undone because somebody cancelled it: then that is its end. */
  readonly cancelled?: true;
  /** When the time of all of it is over. */
  readonly deadline?: number;
}

/** The execution that has started another as its child. */
export interface Parent {
  readonly execution: string;
  /** The path of the step that did. */
  readonly step: string;
  /** Revision of its stream by then: what that says of the child stands behind it. */
  readonly revision: number;
  /** How many executions wait for the child, one above the other; 0 when this one does not. */
  readonly depth: number;
}

/** Why a run stops. */
export interface Failure {
  readonly step: string;
  readonly error: ErrorPayload;
}

/** How a run has asked to go on, where only so many of its workflow's may at once. */
export interface RequestState extends Rank {
  /** Which of its requests this is, from 1. */
  readonly nth: number;
  /** What the limit is of that it asked at. */
  readonly key: string;
  /** An event has said where it waits. */
  readonly isTold: boolean;
  /** When it did, ms since the Unix epoch. */
  readonly queuedAt?: number;
}

/** An execution as its events tell it. */
export interface ExecutionState {
  readonly status: Lifecycle;
  readonly workflow: string;
  readonly definition: string;
  readonly trigger: string;
  /** What is kept for whoever looks into it, where anybody has said so. */
  readonly tracing?: TracingDecision;
  /** What it was found by at its start. */
  readonly search?: Searchable['search'];
  readonly startedAt: number;
  /** When the time of the run is over. */
  readonly deadline?: number;
  readonly input: Json;
  readonly event: Json;
  /** Those that started it together: `event` is the last one. */
  readonly events?: readonly Json[];
  readonly variables: JsonObject;
  /** What is being run, by its path. */
  readonly branches: Readonly<Record<string, BranchState>>;
  /** Steps by their path; those of ended turns of a loop are left out. */
  readonly steps: Readonly<Record<string, StepState>>;
  /** How many steps have completed. */
  readonly completions: number;
  /** Those of branches that are being run, which may have to be undone, in that order. */
  readonly completed: readonly CompletedStep[];
  /** Those of ended turns of loops that can be undone. */
  readonly kept: Chunks<CompletedStep>;
  /** Payloads of signals that came before a step waited for them, oldest first. */
  readonly signals: Readonly<Record<string, readonly Json[]>>;
  /** What it has given at its end, where its definition says that. */
  readonly output?: JsonObject;
  readonly failure?: Failure;
  /** The step that failed last and took the run, or a block, with it (none: its time was over), and how all stood before: a retry goes on there. */
  readonly failing?: { readonly step: string; readonly before: ExecutionState };
  /** While it is paused: what it was about, and since when (ms since the Unix epoch). */
  readonly paused?: { readonly from: Phase; readonly at: number };
  /** The last time that it asked to go on. */
  readonly request?: RequestState;
  /** Of a child: the execution that has started it. */
  readonly parent?: Parent;
  readonly compensation?: CompensationState;
  /** The views show nothing of it any more, and nothing happens to it. */
  readonly removed?: true;
}

/** An execution before its first event. */
export const INITIAL: ExecutionState = Object.freeze({
  status: 'none',
  workflow: '',
  definition: '',
  trigger: '',
  startedAt: 0,
  input: null,
  event: null,
  variables: Object.freeze({}),
  branches: Object.freeze({ [ROOT]: Object.freeze({ settled: 0 }) }),
  steps: Object.freeze({}),
  completions: 0,
  completed: Object.freeze([]),
  kept: Object.freeze([]),
  signals: Object.freeze({}),
});

/** What a run gives: what its definition says of that, or else its variables as they are. */
export const outputOf = ({ output, variables }: ExecutionState): JsonObject => output ?? variables;

/** A step of a run by its path; `undefined` while it has not been reached. */
export const stepOf = (state: ExecutionState, path: string): StepState | undefined => own(state.steps, path);

/** What a step's attempts of an activity have said last of how far they were, since the run came to it. */
export const progressOf = (state: ExecutionState, path: string, activity: string): Json | undefined =>
  own(stepOf(state, path)?.progress ?? {}, activity);

/** What the loops around a branch are at, the outermost first. */
export const loopItemsOf = (state: ExecutionState, branch: string): readonly LoopItem[] =>
  lineOf(branch).flatMap((at) => {
    const { turns = 0, block } = stepOf(state, blockOf(at)) ?? {};
    const key = Number(keyOf(at));
    return block?.kind === 'foreach'
      ? [{ branch: at, index: key - turns, item: block.items[key - turns] ?? null }]
      : [];
  });

/** The number of the attempt of a step that comes next. */
export const nextAttempt = (state: ExecutionState, path: string): number =>
  (stepOf(state, path)?.attempt ?? 0) + 1;

/** How much a run is being undone of, named or not. */
export const wholeOf = ({ todo, more = 0 }: CompensationState): number => todo.length + more;

/** What an execution is about, also while it is paused; `undefined` when it has not begun or has ended. */
export const phaseOf = ({ status, paused }: ExecutionState): Phase | undefined => {
  if (status === 'paused') return paused?.from;
  return status === 'queued' || status === 'running' || status === 'compensating' ? status : undefined;
};
