import { Rejection } from '../../domain/rejection.ts';
import type { Member } from '../member.ts';
import { faultOf } from '../projection-failure.ts';
import type { RebuildControl, RebuildOptions, Rebuilt, RebuildOutcome } from '../projector.ts';
import { requireKept } from './begin.ts';
import { createControl } from './control.ts';
import { runPass } from './pass.ts';
import { createTask, isComparable, type Plan, type RebuildParts } from './task.ts';

/** What came of one projection of a pass. */
export type Result = { readonly member: Member } & (
  | { readonly rebuilt: Rebuilt; readonly error?: never }
  | { readonly rebuilt?: never; readonly error: unknown }
);

/** Rebuilds projections, several in a pass. */
export interface Rebuilder {
  /** Rebuilds in one pass. Throws `REBUILD_RUNNING` when one of them is in a pass. */
  rebuild(members: readonly Member[], options?: RebuildOptions): Promise<readonly Result[]>;
  /** Brings kept documents back. Throws `REBUILD_RUNNING` and `NOTHING_KEPT`. */
  rollback(member: Member): Promise<readonly Result[]>;
  /** Lets live documents be folded on that have stopped. Throws `REBUILD_RUNNING`, `PROJECTION_NOT_STOPPED`, and `UNAVAILABLE` where only a rebuild helps. */
  retry(member: Member): Promise<readonly Result[]>;
  /** Goes on with what is left from before the start. */
  goOn(members: readonly Member[]): Promise<readonly Result[]>;
  /** Throws `REBUILD_NOT_RUNNING`. */
  control(member: Member, what: RebuildControl): Promise<void>;
  /** Resolves when every pass is over. */
  ended(): Promise<void>;
}

const requireIdle = ({ shadow, projection: { name } }: Member): void => {
  if (shadow === undefined) return;
  throw new Rejection('REBUILD_RUNNING', `Expected "${name}" not to be rebuilt yet, but it is under way.`, {
    projection: name,
  });
};

const PLAIN = { maxShare: 1, byDay: false, isLeft: false };

const requireStopped = (member: Member): void => {
  const { failure, projection } = member;
  const { name } = projection;
  if (failure === undefined)
    throw new Rejection('PROJECTION_NOT_STOPPED', `Expected "${name}" to have stopped, but it has not.`, {
      projection: name,
    });
  if (isComparable(member)) return;
  throw new Rejection(
    'UNAVAILABLE',
    `Expected "${name}" to be able to go on, but its documents are of another version, or ahead of the log: rebuild it.`,
    { projection: name },
  );
};

const requireShare = (share: number): number => {
  if (share > 0 && share <= 1) return share;
  throw new Rejection('BAD_USER_INPUT', `Expected a share above 0, up to 1, but found ${share}.`, {
    field: 'maxShare',
    found: share,
  });
};

/** A result as it is told to others. */
export const outcomeOf = ({ member: { projection }, rebuilt, error }: Result): RebuildOutcome =>
  rebuilt === undefined
    ? { name: projection.name, rebuilt: null, error: faultOf(error) }
    : { name: projection.name, rebuilt, error: null };

/** What came of the only one. Throws what it failed with. */
export const onlyOf = ([result]: readonly Result[]): Rebuilt => {
  if (result?.rebuilt === undefined) throw result?.error;
  return result.rebuilt;
};

/** A rebuilder of which nothing was asked yet. */
export const createRebuilder = (parts: RebuildParts): Rebuilder => {
  const running = new Set<Promise<unknown>>();
  const { clock, signal } = parts;

  const begin = async (
    members: readonly Member[],
    { paused = false, ...how }: Omit<Plan, 'control'> & { readonly paused?: boolean },
  ): Promise<readonly Result[]> => {
    const plan = { ...how, control: createControl(signal, paused) };
    const tasks = members.map((member) => createTask(member, plan, clock));
    const pass = runPass(parts, plan, tasks);
    running.add(pass);
    const rebuilt = await pass;
    running.delete(pass);
    return tasks.map((task) => {
      const done = rebuilt.get(task);
      return done === undefined
        ? { member: task.member, error: task.error }
        : { member: task.member, rebuilt: done };
    });
  };

  return {
    async rebuild(members, { dryRun = false, maxShare = 1, byDay = false } = {}) {
      members.forEach(requireIdle);
      return begin(members, {
        kind: dryRun ? 'verify' : 'rebuild',
        maxShare: requireShare(maxShare),
        byDay,
        isLeft: false,
      });
    },
    async rollback(member) {
      requireIdle(member);
      requireKept(member);
      return begin([member], { ...PLAIN, kind: 'rollback' });
    },
    async retry(member) {
      requireIdle(member);
      requireStopped(member);
      return begin([member], { ...PLAIN, kind: 'retry' });
    },
    async goOn(members) {
      // Those that were asked for together are of the same kind, and of the same moment.
      const passes = Map.groupBy(
        members.filter(
          ({ note, shadow, failure }) =>
            note.note.rebuild !== null && shadow === undefined && failure === undefined,
        ),
        ({ note: { note } }) => `${note.rebuild?.kind} ${note.rebuild?.begunAt} ${note.rebuild?.maxShare}`,
      );
      const results = [...passes.values()].map((some) => {
        const { kind = 'rebuild', maxShare = 1 } = some[0]?.note.note.rebuild ?? {};
        const paused = some.some(({ note }) => note.note.rebuild?.paused === true);
        return begin(some, { ...PLAIN, kind, maxShare, isLeft: true, paused });
      });
      return (await Promise.all(results)).flat();
    },
    async control({ shadow, projection: { name } }, what) {
      if (shadow === undefined) {
        throw new Rejection('REBUILD_NOT_RUNNING', `Expected "${name}" to be rebuilt, but it is not.`, {
          projection: name,
        });
      }
      await shadow.control[what]();
    },
    async ended() {
      await Promise.allSettled(running);
    },
  };
};
