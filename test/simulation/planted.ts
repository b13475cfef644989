import { placesOf } from '../../src/domain/definition/places.ts';
import type { SealedCommit } from '../../src/domain/chain.ts';
import type { Definition } from '../../src/domain/definition/definition.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { Rejection } from '../../src/domain/rejection.ts';
import type { Activity } from '../../src/ports/activities.ts';
import {
  LogUnavailable,
  type EventLog,
  type LogBatch,
  type SubscribeOptions,
} from '../../src/ports/event-log.ts';
import type {
  DocumentQuery,
  DocumentWrite,
  ReadModels,
  StoredDocument,
} from '../../src/ports/read-models.ts';
import type { SimulatedReadModels } from './simulated-read-models.ts';
import type { Planted } from './world.ts';

/** Whether it is the `n`th time, again and again. */
const every = (n: number): (() => boolean) => {
  let count = 0;
  return () => (count += 1) % n === 0;
};

/** Moves checkpoints before the documents are written: what a node has not written when it is lost never will be. */
const writesBehind = (readModels: ReadModels): ReadModels => {
  const held: { readonly collection: string; readonly writes: readonly DocumentWrite[] }[] = [];
  return {
    ...readModels,
    write: async (collection, writes) => {
      held.push({ collection, writes });
      return [];
    },
    saveProjection: async (record) => {
      const stands = await readModels.saveProjection(record);
      const isOf = ({ collection }: { readonly collection: string }) => collection.startsWith(record.name);
      for (let index = held.findIndex(isOf); index >= 0; index = held.findIndex(isOf)) {
        for (const { collection, writes } of held.splice(index, 1))
          await readModels.write(collection, writes);
      }
      return stands;
    },
  };
};

/** Documents do not know how far they are folded. */
const forgetsPositions = (readModels: ReadModels): ReadModels => {
  const positions = new Map<string, bigint>();
  const placeOf = (collection: string, key: string) => `${collection} ${key}`;
  return {
    ...readModels,
    load: async (collection, keys) => {
      const found = await readModels.load(collection, keys);
      for (const [key, { position }] of found) positions.set(placeOf(collection, key), position);
      return new Map([...found].map(([key, document]) => [key, { ...document, position: 0n }]));
    },
    write: (collection, writes) => {
      const real = (key: string, expected: bigint | undefined) =>
        expected === undefined ? undefined : positions.get(placeOf(collection, key));
      return readModels.write(
        collection,
        writes.map((write) => ({ ...write, expected: real(write.key, write.expected) })),
      );
    },
  };
};

/** Documents are stored whatever was read of them. */
const ignoresGuards = (store: SimulatedReadModels): SimulatedReadModels => ({
  ...store,
  writeNow: (collection, writes) => {
    const there = store.documents(collection);
    return store.writeNow(
      collection,
      writes.map((write) => ({ ...write, expected: there.get(write.key)?.position })),
    );
  },
});

/** What is found of a query, without some. */
const finds =
  (isFound: (document: StoredDocument, query: DocumentQuery) => boolean) =>
  (readModels: ReadModels): ReadModels => ({
    ...readModels,
    find: async (collection, query) =>
      (await readModels.find(collection, query)).filter((document) => isFound(document, query)),
  });

const subscribes =
  (begin: (log: EventLog, options: SubscribeOptions) => ReturnType<EventLog['subscribe']>) =>
  (log: EventLog): EventLog => ({ ...log, subscribe: (options) => begin(log, options) });

/** An append that is repeated carries ids of its own. */
const newIds = (log: EventLog): EventLog => {
  const failed = new Set<string>();
  const renamed = (commit: SealedCommit): SealedCommit => ({
    ...commit,
    events: commit.events.map((event) => ({ ...event, id: `f${event.id.slice(1)}` })),
  });
  return {
    ...log,
    append: async (commit) => {
      try {
        return await log.append(failed.has(commit.hash) ? renamed(commit) : commit);
      } catch (error) {
        if (error instanceof LogUnavailable) failed.add(commit.hash);
        throw error;
      }
    },
  };
};

/** Appends are answered and never written, now and then. */
const losesAppends = (log: EventLog): EventLog => {
  const isLost = every(7);
  return {
    ...log,
    append: async (commit) => (isLost() ? { position: await log.end() } : log.append(commit)),
  };
};

/** Every definition of a workflow is read as its latest. */
const latestForAll = (log: EventLog): EventLog => ({
  ...log,
  read: async (stream, options) => {
    const events = await log.read(stream, options);
    const isVersion = ({ type }: RecordedEvent): boolean => type === 'workflow.registered';
    const latest = events.findLast(isVersion)?.payload;
    return events.map((event) => (isVersion(event) ? { ...event, payload: latest } : event));
  },
});

const changed = (activity: Activity | undefined, change: (activity: Activity) => Activity) =>
  activity && change(activity);

/** A guard that is false lets its step run, and the other way round. */
const negated = (definition: Definition): Definition => ({
  ...definition,
  steps: definition.steps.map((step) => {
    const { when } = step;
    if (when === undefined) return step;
    return { ...step, when: { source: when.source, evaluate: (scope) => when.evaluate(scope) !== true } };
  }),
});

const redefines =
  (change: (definition: Definition) => Definition): NonNullable<Planted['core']> =>
  (core) => ({
    ...core,
    definitions: {
      ...core.definitions,
      startable: async (...which) => change(await core.definitions.startable(...which)),
    },
  });

/** What was retired is started all the same. */
const startsRetired: NonNullable<Planted['core']> = (core) => ({
  ...core,
  definitions: {
    ...core.definitions,
    startable: async (workflow, number) => {
      try {
        return await core.definitions.startable(workflow, number);
      } catch (error) {
        if (!(error instanceof Rejection) || !error.code.endsWith('_RETIRED')) throw error;
        const [latest] = (await core.log.read(`workflow-${workflow}`)).filter(
          ({ type }) => type === 'workflow.registered',
        );
        return core.definitions.get(workflow, latest?.facts['definition'] as string);
      }
    },
  },
});

/** Bugs that somebody could have written, by what they do. */
export const PLANTED: Readonly<Record<string, Planted>> = {
  'a checkpoint is moved before the documents are written': { readModels: writesBehind },
  'an event is folded twice when a node was lost between documents and checkpoint': {
    readModels: forgetsPositions,
  },
  'documents are written whatever their guard says': { store: ignoresGuards },
  'a subscription begins at its place instead of behind it, and documents are folded on': {
    log: (log) => {
      // Who begins anew because of what came too early would else get the same again, for ever.
      const isRight = every(2);
      return {
        ...log,
        subscribe: (options) =>
          log.subscribe(isRight() ? options : { ...options, after: options.after - 1n }),
      };
    },
    readModels: forgetsPositions,
  },
  'a subscription begins one event too far on': {
    log: subscribes((log, options) => log.subscribe({ ...options, after: options.after + 1n })),
  },
  'a subscription is not woken by what comes while it waits': {
    log: subscribes((log, options) => ({
      [Symbol.asyncIterator]: () => {
        const batches = log.subscribe(options)[Symbol.asyncIterator]();
        let isAsleep = false;
        const ended = new Promise<IteratorResult<LogBatch>>((resolve) =>
          options.signal.addEventListener('abort', () => resolve({ done: true, value: undefined })),
        );
        const next = async (): Promise<IteratorResult<LogBatch>> => {
          if (isAsleep) return ended;
          const batch = await batches.next();
          isAsleep = batch.done !== true && batch.value.caughtUp && batch.value.events.length > 2;
          return batch;
        };
        return { next, return: () => batches.return?.() ?? ended };
      },
    })),
  },
  'timers get lost': {
    clock: (clock) => {
      const isLost = every(25);
      return {
        ...clock,
        schedule: (at, fire) => (isLost() ? { cancel: () => undefined } : clock.schedule(at, fire)),
        after: (ms, fire) => (isLost() ? { cancel: () => undefined } : clock.after(ms, fire)),
      };
    },
  },
  'timers fire early': {
    clock: (clock) => ({
      ...clock,
      schedule: (at, fire) => clock.schedule(at - Math.floor((at - clock.now()) / 4), fire),
    }),
  },
  'an activity is called twice': {
    activities: (activities) => ({
      ...activities,
      find: (name) =>
        changed(activities.find(name), (activity) => ({
          ...activity,
          run: (ctx, input) => {
            void Promise.resolve(activity.run(ctx, input)).catch(() => undefined);
            return activity.run(ctx, input);
          },
        })),
    }),
  },
  'every activity is said to be idempotent': {
    activities: (activities) => ({
      ...activities,
      find: (name) => changed(activities.find(name), (activity) => ({ ...activity, idempotent: true })),
    }),
  },
  'an activity is called with what it does not take': {
    activities: (activities) => ({
      ...activities,
      find: (name) => changed(activities.find(name), (activity) => ({ ...activity, input: {} })),
    }),
  },
  'recovery leaves out what is being undone': {
    readModels: finds(({ doc }) => doc['status'] !== 'compensating'),
  },
  'recovery leaves out steps that were queued': {
    readModels: finds(({ doc }) => doc['waiting'] !== 'queued'),
  },
  'recovery leaves out notifications that were not sent': {
    readModels: finds(({ doc }) => doc['status'] !== 'pending'),
  },
  'recovery leaves out notifications that were not asked for': {
    readModels: finds(({ doc }) => !Array.isArray(doc['left'])),
  },
  'recovery leaves out what waits for a time': { readModels: finds(({ doc }) => doc['waiting'] !== 'timer') },
  'what was accepted before a start is not looked for': {
    log: subscribes((log, options) =>
      log.subscribe(
        options.filter?.types?.includes('event.emitted') === true
          ? { ...options, filter: { types: [] } }
          : options,
      ),
    ),
  },
  'an append that is repeated has new ids': { log: newIds },
  'an append is answered before it is written, and lost': { log: losesAppends },
  'the latest definition runs in place of the one that an execution is pinned to': { log: latestForAll },
  'what was retired is started': { core: startsRetired },
  'what a schedule has decided is taken for started': {
    log: (log) => ({
      ...log,
      head: async (stream) =>
        (await log.head(stream)) ?? (stream.startsWith('execution-') ? { revision: 0, hash: '' } : undefined),
    }),
  },
  'a schedule forgets what it has dealt with': {
    log: (log) => ({
      ...log,
      read: async (stream, options) => {
        const events = await log.read(stream, options);
        if (!stream.startsWith('schedule-')) return events;
        const until = (event: RecordedEvent) => Number(event.facts['until']) - 90_000;
        return events.map((event) => ({ ...event, facts: { ...event.facts, until: until(event) } }));
      },
    }),
  },
  'a guard lets through what it should not': { core: redefines(negated) },
  'nobody is more urgent than others': {
    core: redefines(({ concurrency, ...definition }) => {
      const { priority, ...rest } = concurrency ?? {};
      const equal = priority === undefined ? {} : { priority: { source: 0, evaluate: () => 0 } };
      return { ...definition, concurrency: concurrency && { ...rest, ...equal } };
    }),
  },
  'what was done last is undone last': {
    core: redefines((definition) => ({
      ...definition,
      compensation: { ...definition.compensation, strategy: 'forward' },
    })),
  },
  'one attempt more than allowed is made': {
    core: redefines((definition) => {
      const steps = definition.steps.map((step) =>
        step.kind === 'activity'
          ? { ...step, retry: { ...step.retry, maxAttempts: step.retry.maxAttempts + 1 } }
          : step,
      );
      return { ...definition, steps, places: placesOf(steps) };
    }),
  },
  'what is in memory of an execution is not what was appended': {
    core: (core) => {
      const isStale = every(5);
      const { executions } = core.engine;
      const load: typeof executions.load = async (id) => {
        const execution = await executions.load(id);
        if (execution === undefined || !isStale()) return execution;
        return { ...execution, state: { ...execution.state, variables: {} } };
      };
      return { ...core, engine: { ...core.engine, executions: { ...executions, load } } };
    },
  },
};
