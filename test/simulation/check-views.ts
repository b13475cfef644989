import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../src/domain/json.ts';
import { current } from '../../src/domain/registry.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { collectionOf } from '../../src/projections/collection-of.ts';
import type { Projection } from '../../src/projections/projection.ts';
import type { World } from './world.ts';

/** The documents that a projection makes of the whole log, event by event. */
const rebuilt = ({ log }: World, projection: Projection): ReadonlyMap<string, JsonObject> => {
  const documents = new Map<string, JsonObject>();
  const handles: ReadonlySet<string> = new Set(projection.handles);
  for (const event of log.events) {
    if (!handles.has(event.type)) continue;
    const lifted = current(event);
    const key = projection.keyOf(lifted);
    if (key !== undefined) documents.set(key, projection.evolve(documents.get(key), lifted));
  }
  return documents;
};

const liveOf = ({ store }: World, name: string): ReadonlyMap<string, JsonObject> => {
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
