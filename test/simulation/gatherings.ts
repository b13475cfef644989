import type { Json, JsonObject } from '../../src/domain/json.ts';
import type { Random } from './random.ts';

/** How a workflow gathers the events that start it, for what its trigger says of them otherwise; mostly it does not. */
export const makeGathering = (random: Random): JsonObject | undefined => {
  if (random.chance(0.6)) return undefined;
  const key = random.pick<JsonObject>([{}, { key: '${event.level > 2}' }]);
  const max = random.pick<Readonly<Record<string, Json>>>([{}, { max: '5s' }]);
  return random.chance(0.5)
    ? { batch: { size: random.int(1, 4), timeout: random.pick(['200ms', '3s', '20s']), ...key } }
    : { debounce: { for: random.pick(['50ms', '2s', '5s']), ...max, ...key } };
};
