import { Rejection } from '../domain/rejection.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ReadModels } from '../ports/read-models.ts';
import { createListeners } from './listeners.ts';
import { createMainPass, type MainPass } from './main-pass.ts';
import { createMember, saveAll, positionOf, stopMember, type Member, type MemberStore } from './member.ts';
import { openMembers } from './open-members.ts';
import { OvertakenView } from './overtaken-view.ts';
import { readParkedIds } from './parked.ts';
import { createPatience, isOutage, stopped } from './patience.ts';
import type { Projection } from './projection.ts';
import type { ProgressListener, Projector } from './projector.ts';
import { projectionNotFound } from './projection-not-found.ts';
import { faultOf, ProjectionFailure } from './projection-failure.ts';
import type { Crews } from './rebuild/crew.ts';
import { createRebuilder, onlyOf, outcomeOf, type Rebuilder, type Result } from './rebuild/rebuilder.ts';
import { progressOf, statusOf, type LogEnd } from './status.ts';
import { createTurns } from './turns.ts';
import { viewsBehind } from './views-behind.ts';
import { createWaiters } from './waiters.ts';

/** What a projector is made of. */
export interface ProjectorOptions {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly projections: readonly Projection[];
  readonly clock: Clock;
  readonly onProgress?: ProgressListener;
  /** The most events in one batch (default 4,096). */
  readonly batch?: number;
  /** Up to so many events at once are folded for those projections that can wait, too (default 256): for so few nobody waits. */
  readonly few?: number;
  /** The most milliseconds that it lets the log grow before it looks again, once it has caught up (default 0). */
  readonly pace?: number;
  /** The log's positions count its events, so that "events behind" can be told. */
  readonly dense?: boolean;
  /** Others follow what is stored of it: checkpoints are stored whenever they move. */
  readonly followed?: boolean;
  /** Where those are to be had who fold beside a rebuild, each some of the executions; it folds alone unless given. */
  readonly crews?: Crews | undefined;
}

/** The most events that are folded at a time. */
export const BATCH = 4_096;
const FEW = 256;

/** The most milliseconds that a server lets the log grow between two batches: less while batches are quickly done. */
export const PACE = 20;

/** Keeps the read models up with the log from now on, until it is stopped. */
export const startProjector = (options: ProjectorOptions): Projector => {
  const { log, readModels, clock, dense = false, batch = BATCH, few = FEW, pace = 0, crews } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const members = options.projections.map((projection) => createMember(projection, clock));
  const listeners = createListeners();
  const waiters = createWaiters(clock);
  const turns = createTurns();
  const store: MemberStore = {
    readModels,
    log,
    overtaken: (member) => {
      store.tell(member, 'state');
      void opened.then(rebuildOutdated);
    },
    eager: options.followed === true,
    patience: createPatience(clock, signal),
    tell: (member, changed) => {
      waiters.look();
      listeners.tell([progressOf(member, changed === 'state' ? [] : undefined)]);
    },
  };
  if (options.onProgress !== undefined) listeners.add(options.onProgress);

  const open = async (): Promise<{ readonly main: MainPass; readonly rebuilder: Rebuilder }> => {
    await openMembers(store, log, members);
    const main = createMainPass({
      log,
      store,
      members,
      turns,
      signal,
      clock,
      batch,
      few,
      pace,
      advanced(changed) {
        waiters.look();
        listeners.tell([...changed].map(([member, keys]) => progressOf(member, keys)));
      },
    });
    return { main, rebuilder: createRebuilder({ log, store, clock, turns, main, signal, batch, crews }) };
  };

  /** Those without live documents stay stopped when it came to nothing; others go on with what they have. */
  const settle = ({ member, error }: Result): void => {
    if (error === undefined || signal.aborted || member.live !== undefined) return;
    if (error instanceof OvertakenView) store.overtaken(member);
    else if (member.failure === undefined) stopMember(store, member, error);
  };

  /** All in one pass over the log. */
  const rebuildOutdated = async ({ rebuilder }: { readonly rebuilder: Rebuilder }): Promise<void> => {
    const outdated = members.filter(
      ({ live, shadow, failure }) => live === undefined && shadow === undefined && failure === undefined,
    );
    if (outdated.length > 0 && !signal.aborted) (await rebuilder.rebuild(outdated)).forEach(settle);
  };

  const goOn = async ({ rebuilder }: { readonly rebuilder: Rebuilder }): Promise<void> =>
    (await rebuilder.goOn(members)).forEach(settle);

  const opened = open();
  const run = async (): Promise<void> => {
    try {
      const parts = await opened;
      await Promise.all([parts.main.run(), goOn(parts), rebuildOutdated(parts)]);
    } catch (error) {
      if (!signal.aborted) for (const member of members) stopMember(store, member, error);
    }
  };
  const running = run();

  const find = (name: string): Member => {
    const member = members.find(({ projection }) => projection.name === name);
    if (member !== undefined) return member;
    throw projectionNotFound(
      name,
      members.map(({ projection }) => projection.name),
    );
  };

  const logEnd = async (): Promise<LogEnd> => {
    try {
      return { position: await log.end(), outage: undefined, dense };
    } catch (error) {
      if (!isOutage(error)) throw error;
      return { position: undefined, outage: error, dense };
    }
  };

  const isThere = (member: Member, position: bigint): boolean => {
    if (signal.aborted) throw stopped();
    if (positionOf(member) >= position) return true;
    if (member.failure === undefined || member.shadow !== undefined) return false;
    const { name } = member.projection;
    throw new Rejection(
      'UNAVAILABLE',
      `Expected the projection "${name}" to follow the log, but it is stopped: ${faultOf(member.failure).message}`,
      { projection: name },
    );
  };

  return {
    async status() {
      const end = await logEnd();
      return members.map((member) => statusOf(member, end, clock));
    },
    async waitFor(position, names, timeout) {
      const awaited = names.map(find);
      const standing = () =>
        awaited.map((member) => ({ name: member.projection.name, position: positionOf(member) }));
      await waiters.wait(
        () => awaited.every((member) => isThere(member, position)),
        timeout,
        () => viewsBehind({ position, timeout, views: standing() }),
      );
    },
    async rebuild(name, options) {
      const member = find(name);
      return onlyOf(await (await opened).rebuilder.rebuild([member], options));
    },
    async rebuildAll(names, options) {
      const wanted = names === undefined ? members : [...new Set(names)].map(find);
      return (await (await opened).rebuilder.rebuild(wanted, options)).map(outcomeOf);
    },
    async rollback(name) {
      const member = find(name);
      return onlyOf(await (await opened).rebuilder.rollback(member));
    },
    async retry(name) {
      const member = find(name);
      const { rebuilder } = await opened;
      member.parked = await readParkedIds(log, name);
      const results = await rebuilder.retry(member);
      // It stands somewhere else now, or for another reason.
      for (const { error } of results)
        if (error instanceof ProjectionFailure) stopMember(store, member, error);
      return onlyOf(results);
    },
    async stoppedAt(name) {
      await opened;
      const { failure, shadow } = find(name);
      if (failure instanceof ProjectionFailure && shadow === undefined) return failure.fault();
      throw new Rejection(
        'PROJECTION_NOT_STOPPED',
        `Expected "${name}" to have stopped at an event, but it has not.`,
        { projection: name },
      );
    },
    async control(name, what) {
      const member = find(name);
      await (await opened).rebuilder.control(member, what);
    },
    onProgress: listeners.add,
    async stop() {
      controller.abort();
      waiters.look();
      await opened.then(({ rebuilder }) => rebuilder.ended()).catch(() => undefined);
      await running;
      await saveAll(store, members);
    },
  };
};
