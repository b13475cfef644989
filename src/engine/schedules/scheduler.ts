import { hasEnded, whenEnded } from '../../commands/ended.ts';
import type { Executions } from '../../commands/executions.ts';
import { startOne } from '../../commands/start-one.ts';
import type { Caller } from '../../commands/caller.ts';
import type { Definitions } from '../../commands/definitions.ts';
import type { KnownSchedule, Schedules } from '../../commands/schedules.ts';
import { asksForLast, nextTurn, type Scheduled } from '../../domain/schedule/decide.ts';
import { LogUnavailable, WrongExpectedRevision, type EventLog } from '../../ports/event-log.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Scheduling } from '../../ports/scheduling.ts';
import { streamOf } from '../../domain/stream.ts';
import { OWNS_ALL, type Owned } from '../owned.ts';

/** Milliseconds until the next try after something went wrong. */
const AGAIN = 1_000;

/** Whoever starts what is due. */
const BY_SCHEDULE: Caller = {
  actor: { id: 'schedule', kind: 'trigger', via: 'internal' },
  tenant: 'default',
  traceparent: undefined,
};

/** What `createScheduler` needs. */
export interface SchedulerOptions {
  readonly log: Pick<EventLog, 'head' | 'read' | 'subscribe'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Scheduling & Pick<Definitions, 'get'>;
  readonly executions: Pick<Executions, 'start'>;
  readonly schedules: Schedules;
  /** Which workflows it looks after, by their names; all unless it says otherwise. */
  readonly owned?: Owned;
}

/** Starts workflows when their schedules say so: each time once, whichever node it is and whatever becomes of it. */
export interface Scheduler {
  /** Begins: nothing is started before. */
  begin(): void;
  /** What a workflow starts and when, or whose it is, may be another than before. */
  look(workflow: string): void;
  /** The same of all workflows that are meant. */
  lookAll(meant?: (workflow: string) => boolean): void;
  /** Starts nothing more; resolves when nothing of it is under way. */
  close(): Promise<void>;
}

/** What is under way for a workflow. */
interface Watch {
  /** It is to be looked at anew. */
  again: boolean;
  timer: Timer | undefined;
  /** Of the wait for the end of a run. */
  waiting: AbortController | undefined;
  /** The last execution that this process has seen started. */
  started: string | undefined;
  working: Promise<void> | undefined;
}

/** A scheduler; it sleeps between times. */
export const createScheduler = (options: SchedulerOptions): Scheduler => {
  const { log, clock, logger, definitions, executions, schedules, owned = OWNS_ALL } = options;
  const watches = new Map<string, Watch>();
  let begun = false;
  const closing = new AbortController();

  const rest = (watch: Watch): void => {
    watch.timer?.cancel();
    watch.timer = undefined;
    watch.waiting?.abort();
    watch.waiting = undefined;
  };

  /** Whether it is this node's to act; if that is not sure it is looked at again once it is. */
  const mayAct = (workflow: string): boolean => {
    if (closing.signal.aborted || owned.takes(workflow)) return !closing.signal.aborted;
    if (owned.owns(workflow) && !owned.holds(workflow))
      void owned.whenHeld(workflow).then((held) => held && look(workflow));
    return false;
  };

  /** The run before was decided, and may not have been started by whoever did that. */
  const startLast = async (watch: Watch, { workflow, state: { last } }: KnownSchedule): Promise<void> => {
    if (last?.definition === undefined || last.dueAt === undefined) return;
    const { execution, definition, dueAt } = last;
    if (watch.started === execution) return;
    if ((await log.head(streamOf('execution', execution))) === undefined) {
      const payload = { due_at: new Date(dueAt).toISOString() };
      const event = { eventId: execution, type: 'schedule', payload, caller: BY_SCHEDULE };
      await startOne({ definitions, executions }, event, { workflow, definition, execution });
    }
    watch.started = execution;
  };

  /** One turn; answers whether another one follows at once. */
  const turn = async (
    watch: Watch,
    known: KnownSchedule,
    scheduled: Scheduled,
  ): Promise<KnownSchedule | undefined> => {
    const { state } = known;
    await startLast(watch, known);
    const isAsked = asksForLast(state, scheduled);
    const isRunning = isAsked && state.last !== undefined && !(await hasEnded(log, state.last.execution));
    const next = nextTurn(state, scheduled, { now: clock.now(), isRunning });
    if (next.event !== undefined)
      return mayAct(known.workflow)
        ? schedules.append(known, next.event, BY_SCHEDULE, scheduled.definition)
        : undefined;
    if (closing.signal.aborted) return undefined;
    const again = (): void => look(known.workflow);
    if (next.wakeAt !== undefined) watch.timer = clock.schedule(next.wakeAt, again);
    if (next.untilEnded !== undefined) {
      watch.waiting = new AbortController();
      whenEnded(log, next.untilEnded, watch.waiting.signal).then(
        (ended) => (ended ? again() : undefined),
        (error: unknown) => fail(watch, known.workflow, error),
      );
    }
    return undefined;
  };

  const work = async (watch: Watch, workflow: string): Promise<void> => {
    while (mayAct(workflow)) {
      let known: KnownSchedule | undefined = await schedules.load(workflow);
      const scheduled = definitions.scheduled(workflow);
      // What was decided is started, though nothing more is.
      if (scheduled === undefined) return startLast(watch, known);
      try {
        while (known !== undefined && !watch.again) known = await turn(watch, known, scheduled);
        return;
      } catch (error) {
        // Somebody else has changed it: what is to be done now may be another.
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  };

  const fail = (watch: Watch, workflow: string, error: unknown): void => {
    if (closing.signal.aborted) return;
    if (!(error instanceof LogUnavailable))
      logger.error({ workflow, err: error }, 'A schedule cannot be looked after; trying again.');
    watch.timer?.cancel();
    watch.timer = clock.after(AGAIN, () => look(workflow));
  };

  const run = async (watch: Watch, workflow: string): Promise<void> => {
    while (watch.again && !closing.signal.aborted) {
      watch.again = false;
      rest(watch);
      try {
        await work(watch, workflow);
      } catch (error) {
        fail(watch, workflow, error);
      }
    }
  };

  const look = (workflow: string): void => {
    if (!begun || closing.signal.aborted) return;
    const watch = watches.get(workflow) ?? create();
    watches.set(workflow, watch);
    watch.again = true;
    watch.working ??= run(watch, workflow).finally(() => {
      watch.working = undefined;
      if (watch.again) look(workflow);
    });
  };

  const lookAll: Scheduler['lookAll'] = (meant = () => true) => {
    for (const workflow of definitions.scheduledWorkflows()) if (meant(workflow)) look(workflow);
  };

  return {
    begin: () => {
      begun = true;
      lookAll();
    },
    look,
    lookAll,
    close: async () => {
      closing.abort();
      for (const watch of watches.values()) rest(watch);
      await Promise.all([...watches.values()].flatMap(({ working }) => working ?? []));
    },
  };
};

const create = (): Watch => ({
  again: false,
  timer: undefined,
  waiting: undefined,
  started: undefined,
  working: undefined,
});
