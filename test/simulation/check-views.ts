import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { current } from '../../src/domain/registry.ts';
import { entityOf, streamOf } from '../../src/domain/stream.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { collectionOf } from '../../src/projections/collection-of.ts';
import type { Projection } from '../../src/projections/projection.ts';
import type { SimulatedLog } from './simulated-log.ts';
import type { World } from './world.ts';

/** Folds an event into documents, unless it changes none. */
const foldInto = (documents: Map<string, JsonObject>, projection: Projection, event: RecordedEvent): void => {
  if (!projection.handles.some((type) => type === event.type)) return;
  const lifted = current(event);
  const key = projection.keyOf(lifted);
  if (key !== undefined) documents.set(key, projection.evolve(documents.get(key), lifted));
};

/** What tells of an execution that is back, and of that alone. */
const pastOf = (log: SimulatedLog, { stream, position, facts }: RecordedEvent): readonly RecordedEvent[] => {
  const told = (facts['notifications'] as readonly string[]).map((id) => streamOf('notification', id));
  return [stream, ...told].flatMap((one) => log.stream(one).filter((event) => event.position < position));
};

/** The documents that a projection makes of everything that ever happened, event by event. */
const rebuilt = ({ log }: World, projection: Projection): ReadonlyMap<string, JsonObject> => {
  const documents = new Map<string, JsonObject>();
  const { forgets } = projection;
  for (const event of log.events) {
    foldInto(documents, projection, event);
    if (forgets === undefined) continue;
    const id = entityOf(event.stream);
    if (event.type === 'execution.removed')
      for (const [key, doc] of documents)
        if ((forgets === 'key' ? key : doc[forgets.field]) === id) documents.delete(key);
    if (event.type !== 'execution.restored') continue;
    const back = new Map<string, JsonObject>();
    for (const before of pastOf(log, event)) foldInto(back, projection, before);
    for (const [key, doc] of back) documents.set(key, doc);
  }
  return documents;
};

/** The documents of a view. */
export const liveOf = ({ store }: World, name: string): ReadonlyMap<string, JsonObject> => {
  const generation = store.records.get(name)?.generation ?? 1;
  return new Map([...store.documents(collectionOf(name, generation))].map(([key, { doc }]) => [key, doc]));
};

const sum = (documents: ReadonlyMap<string, JsonObject>, field: string): number =>
  [...documents.values()].reduce((total, doc) => total + Number(doc[field]), 0);

/** Counters count what is in the log, found the plain way. */
const checkCounters = (world: World): void => {
  const { log, broken } = world;
  const count = (...types: readonly string[]) => log.events.filter(({ type }) => types.includes(type)).length;
  const outcomes = liveOf(world, 'outcomes');
  const active = liveOf(world, 'active');
  const counted = {
    started: sum(outcomes, 'started') - count('execution.started'),
    completed: sum(outcomes, 'completed') - count('execution.completed'),
    failed: sum(outcomes, 'failed') - count('execution.failed'),
    cancelled: sum(outcomes, 'cancelled') - count('execution.cancelled'),
    compensated: sum(outcomes, 'compensated') - count('saga.compensated'),
    // All have ended.
    running: sum(active, 'running'),
    compensating: sum(active, 'compensating'),
    paused: sum(active, 'paused'),
  };
  if (Object.values(counted).some((difference) => difference !== 0)) broken('counters add up', { counted });
};

/** The views are what folding the whole log makes of it, whatever happened meanwhile. */
export const checkViews = (world: World): void => {
  for (const projection of PROJECTIONS) {
    const [live, wanted] = [liveOf(world, projection.name), rebuilt(world, projection)];
    if (live.size === wanted.size && isDeepStrictEqual(live, wanted)) continue;
    const keys = [...new Set([...live.keys(), ...wanted.keys()])];
    const key = keys.find((one) => !isDeepStrictEqual(live.get(one), wanted.get(one))) ?? '';
    world.broken('views rebuilt are the live ones', {
      projection: projection.name,
      key,
      live: live.get(key),
      rebuilt: wanted.get(key),
    });
  }
  checkCounters(world);
};
