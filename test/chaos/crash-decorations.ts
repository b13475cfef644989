import { once } from 'node:events';
import type { Decorations } from '../../src/decorations.ts';
import type { Activity } from '../../src/ports/activities.ts';
import type { SealedCommit } from '../../src/domain/chain.ts';
import type { Crash } from './crash.ts';
import type { PointName } from './points.ts';

type Around = readonly [before: PointName | undefined, after: PointName | undefined];

/** The points around the append of an event, by its type. */
const AROUND: Partial<Record<string, Around>> = {
  'execution.started': [undefined, 'after-start'],
  'event.emitted': [undefined, 'after-emit'],
  'execution.completed': ['before-end', 'after-end'],
  'partition.claimed': ['before-claim', 'after-claim'],
  'partition.released': ['before-release', 'after-release'],
  'branch.completed': ['before-turn-ends', 'after-turn-ended'],
  'child.started': ['before-child-started', 'after-child-started'],
  'child.ended': ['before-child-ended', 'after-child-ended'],
  'timer.scheduled': ['before-timer-scheduled', 'after-timer-scheduled'],
  'timer.fired': ['timer-due', 'after-timer-fired'],
  'saga.compensating': ['before-compensating', 'after-compensating'],
  'step.compensated': [undefined, 'after-compensated'],
};

const isInterruption = ({ events }: SealedCommit): boolean =>
  events.some(({ facts }) => facts.includes('"errorType":"Interrupted"'));

/** Calls that are not held. */
const CALLS_BEFORE = 24;

/** Lets calls go on once the server was told to stop, but for the first ones, so that some are under way whatever comes. */
const holdCalls = (stopping: AbortSignal): (() => Promise<void>) => {
  let left = CALLS_BEFORE;
  return async () => {
    left -= 1;
    if (left < 0 && !stopping.aborted) await once(stopping, 'abort');
  };
};

const crashingActivity = ({ reach }: Crash, underWay: () => Promise<void>, activity: Activity): Activity => ({
  ...activity,
  run: async (context, input) => {
    const isUndoing = context.idempotencyKey.endsWith(':compensation');
    reach(isUndoing ? 'before-compensation-call' : 'before-call');
    await underWay();
    const output: unknown = await activity.run(context, input);
    reach(isUndoing ? 'after-compensation-call' : 'after-call');
    if (activity.idempotent !== true && !isUndoing) reach('after-risky-call');
    return output;
  },
});

/**
 * Puts the crash points around the ports. `stopping` is aborted when the server is told to stop; when `holding`, calls
 * but the first ones wait for that.
 */
export const crashDecorations = (crash: Crash, stopping: AbortSignal, holding: boolean): Decorations => {
  const { reach, hold } = crash;
  const underWay = holding ? holdCalls(stopping) : () => Promise.resolve();
  const generations = new Map<string, number>();
  return {
    log: (log) => ({
      ...log,
      read: (stream, options) => {
        if (stream.startsWith('execution-')) reach('during-recovery');
        return log.read(stream, options);
      },
      append: async (commit) => {
        const around = commit.events.map(({ type }): Around => AROUND[type] ?? [undefined, undefined]);
        reach('after-decide');
        if (stopping.aborted) reach('during-drain');
        for (const [before] of around) if (before !== undefined) reach(before);
        const appended = await log.append(commit);
        reach('after-append');
        if (isInterruption(commit)) reach('after-interrupted');
        for (const [, after] of around) if (after !== undefined) reach(after);
        return appended;
      },
    }),
    activities: (activities) => ({
      names: () => activities.names(),
      find: (name) => {
        const activity = activities.find(name);
        return activity === undefined ? undefined : crashingActivity(crash, underWay, activity);
      },
    }),
    readModels: (readModels) => {
      const isShadow = (collection: string): boolean => {
        const [, name = '', generation = ''] = /^(.+)_(\d+)$/.exec(collection) ?? [];
        const live = generations.get(name);
        return live !== undefined && Number(generation) > live;
      };
      return {
        ...readModels,
        load: async (collection, keys) => {
          const found = await readModels.load(collection, keys);
          reach('after-load');
          return found;
        },
        write: async (collection, writes) => {
          reach('before-write');
          const lost = await readModels.write(collection, writes);
          if (collection.startsWith('executions_')) await hold('after-write');
          if (collection.startsWith('active_')) await hold('after-count');
          if (isShadow(collection)) reach('during-rebuild');
          return lost;
        },
        saveProjection: async (record) => {
          const stands = await readModels.saveProjection(record);
          const live = generations.get(record.name);
          generations.set(record.name, record.generation);
          reach('after-checkpoint');
          if (live !== undefined && record.generation > live) reach('after-swap');
          return stands;
        },
      };
    },
  };
};
