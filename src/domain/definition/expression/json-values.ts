import { celList, celMap, isCelList, isCelMap, isCelUint, type CelInput, type CelValue } from '@bufbuild/cel';
import type { Json, JsonObject } from '../../json.ts';
import { charge } from './budget.ts';
import { textOfDuration, textOfTimestamp } from './times.ts';

const MAX_NODES = 300_000;
const MAX_TEXT = 1_048_576;

/** Values that came from JSON and go back as they are. */
const origins = new WeakMap<object, Json>();

/** A JSON value as CEL sees it: every number a double, objects and lists opened when they are looked into. */
export const toCel = (value: Json): CelInput => {
  if (value === null || typeof value !== 'object') return value;
  const opened = isList(value) ? celList(openList(value)) : celMap(new JsonMap(value));
  origins.set(opened, value);
  return opened;
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const openList = (list: readonly Json[]): CelInput[] => {
  charge(list.length / 16);
  return list.map(toCel);
};

/** Reads own properties only, so that `constructor` and `__proto__` are keys like any other. */
class JsonMap implements ReadonlyMap<string, CelInput> {
  readonly #object: JsonObject;

  constructor(object: JsonObject) {
    this.#object = object;
  }

  get size(): number {
    return Object.keys(this.#object).length;
  }

  get(key: string): CelInput | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.#object, key)) return undefined;
    const value = this.#object[key];
    return value === undefined ? undefined : toCel(value);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#object, key);
  }

  keys(): MapIterator<string> {
    return Object.keys(this.#object).values();
  }

  values(): MapIterator<CelInput> {
    return Object.values(this.#object).map(toCel).values();
  }

  entries(): MapIterator<[string, CelInput]> {
    return new Map(Object.entries(this.#object).map(([key, value]) => [key, toCel(value)])).entries();
  }

  [Symbol.iterator](): MapIterator<[string, CelInput]> {
    return this.entries();
  }

  forEach(callback: (value: CelInput, key: string, map: ReadonlyMap<string, CelInput>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this);
  }
}

/** Why a result cannot go out as JSON; reads after "but it is". */
export class NotJson extends Error {}

/** A result as JSON. Throws `NotJson` for what JSON cannot hold, or holds too much of. */
export const fromCel = (value: CelValue): Json => {
  let nodes = 0;
  let text = 0;
  const count = (characters: number): void => {
    nodes += 1;
    text += characters;
    if (nodes > MAX_NODES) throw new NotJson(`larger than ${MAX_NODES} values`);
    if (text > MAX_TEXT) throw new NotJson(`longer than ${MAX_TEXT} characters`);
  };
  const countAll = (value: Json): void => {
    if (value === null || typeof value !== 'object')
      return count(typeof value === 'string' ? value.length : 0);
    count(0);
    if (isList(value)) return value.forEach(countAll);
    for (const [key, member] of Object.entries(value)) {
      count(key.length);
      countAll(member);
    }
  };
  const convert = (value: CelValue): Json => {
    switch (typeof value) {
      case 'string':
        count(value.length);
        return value;
      case 'boolean':
        count(0);
        return value;
      case 'number':
        count(0);
        if (!Number.isFinite(value)) throw new NotJson(`${value}, which JSON cannot hold`);
        return value + 0;
      case 'bigint':
        count(0);
        return integer(value);
      default:
        count(0);
        return value === null ? null : convertObject(value);
    }
  };
  const convertObject = (value: Exclude<CelValue, string | boolean | number | bigint | null>): Json => {
    const origin = origins.get(value);
    if (origin !== undefined) {
      // What came in may go out once as it is; a list of it a thousand times is something else.
      if (nodes > 1) countAll(origin);
      return origin;
    }
    if (isCelList(value)) return Array.from(value, convert);
    if (isCelMap(value)) {
      return Object.fromEntries(
        Array.from(value, ([key, entry]) => {
          const name = isCelUint(key) ? key.value.toString() : String(key);
          count(name.length);
          return [name, convert(entry)];
        }),
      );
    }
    if (isCelUint(value)) return integer(value.value);
    const time = textOfTimestamp(value) ?? textOfDuration(value);
    if (time !== undefined) return time;
    throw new NotJson(value instanceof Uint8Array ? 'bytes' : 'no value that JSON can hold');
  };
  return convert(value);
};

const integer = (value: bigint): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new NotJson(`${value}, beyond the integers that JSON holds exactly`);
  return number;
};
