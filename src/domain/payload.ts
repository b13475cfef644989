import { shortened } from './cut.ts';
import type { Json } from './json.ts';

/** A value as JSON, or why it is none. `json` is what reading `text` back gives. */
export type Payload =
  | { readonly ok: true; readonly json: Json; readonly text: string }
  | {
      readonly ok: false;
      readonly type: 'InvalidOutput' | 'PayloadTooLarge';
      /** "Expected …, but …", with the path of the value that is to blame. */
      readonly message: string;
    };

const DEEPEST = 200;
const LONGEST_KEY = 64;

class Unfit extends Error {
  readonly type: 'InvalidOutput' | 'PayloadTooLarge';

  constructor(type: 'InvalidOutput' | 'PayloadTooLarge', message: string) {
    super(message);
    this.type = type;
  }
}

/**
 * Makes a value of users' code a payload of at most `limit` bytes. Never throws.
 * It is read as `JSON.stringify` reads it: `undefined` is null, an undefined field is left out, `toJSON` is called.
 * What that would change without a word is refused: BigInt, NaN and infinities, functions, symbols, holes in
 * arrays, and objects such as Map, Set or Promise that are no plain data; so are cycles and over 200 levels.
 * `name` is what messages call the value.
 */
export const toPayload = (value: unknown, limit: number, name = 'output'): Payload => {
  if (value === null || value === undefined) return { ok: true, json: null, text: 'null' };
  if (typeof value === 'boolean') return { ok: true, json: value, text: String(value) };
  const walk: Walk = { limit, name, size: 0, path: [], ancestors: [] };
  try {
    const json = copy(walk, value) ?? null;
    const text = JSON.stringify(json);
    const size = Buffer.byteLength(text);
    if (size <= limit) return { ok: true, json, text };
    return {
      ok: false,
      type: 'PayloadTooLarge',
      message: `Expected ${name} to have at most ${limit} bytes as JSON, but it has ${size}.`,
    };
  } catch (thrown) {
    if (thrown instanceof Unfit) return { ok: false, type: thrown.type, message: thrown.message };
    const message = `Expected ${name} to be JSON, but ${pathOf(walk)} cannot be read: ${messageOf(thrown)}`;
    return { ok: false, type: 'InvalidOutput', message };
  }
};

/** Where the walk is: the keys that led there, the objects that hold it, and the least bytes so far. */
interface Walk {
  readonly limit: number;
  readonly name: string;
  readonly path: (string | number)[];
  readonly ancestors: object[];
  size: number;
}

const copy = (walk: Walk, value: unknown): Json | undefined => {
  switch (typeof value) {
    case 'string':
      grow(walk, value.length + 2);
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw unfit(walk, String(value));
      grow(walk, 1);
      // Minus zero is read back as zero.
      return value + 0;
    case 'boolean':
      grow(walk, 4);
      return value;
    case 'object':
      if (value !== null) return copyObject(walk, value);
      grow(walk, 4);
      return null;
    case 'undefined':
      return undefined;
    case 'bigint':
      throw unfit(walk, 'a BigInt (make it a string)');
    default:
      throw unfit(walk, `a ${typeof value}`);
  }
};

/** `written`: the object is what a `toJSON` answered, which is not called once more. */
const copyObject = (walk: Walk, value: object, written = false): Json | undefined => {
  const { ancestors } = walk;
  if (ancestors.includes(value)) throw unfit(walk, 'a cycle: the value holds itself');
  if (ancestors.length >= DEEPEST) throw unfit(walk, `nested deeper than ${DEEPEST} levels`);
  ancestors.push(value);
  const made = copyContent(walk, value, written);
  ancestors.pop();
  return made;
};

const copyContent = (walk: Walk, value: object, written: boolean): Json | undefined => {
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (!written && typeof toJSON === 'function') {
    const answer: unknown = toJSON.call(value, String(walk.path.at(-1) ?? ''));
    if (answer === value) return copyContent(walk, value, true);
    return typeof answer === 'object' && answer !== null
      ? copyObject(walk, answer, true)
      : copy(walk, answer);
  }
  return Array.isArray(value) ? copyArray(walk, value) : copyFields(walk, value, written);
};

const copyArray = (walk: Walk, values: readonly unknown[]): Json => {
  const { path } = walk;
  grow(walk, 2 + Math.max(0, values.length - 1));
  const made: Json[] = [];
  for (let index = 0; index < values.length; index += 1) {
    path.push(index);
    const value = values[index];
    if (value === undefined && !(index in values)) throw unfit(walk, 'a hole in an array');
    made.push(copy(walk, value) ?? null);
    path.pop();
  }
  return made;
};

const copyFields = (walk: Walk, value: object, written: boolean): Json => {
  const { path } = walk;
  requireData(walk, value);
  grow(walk, 2);
  const made: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    path.push(key);
    const field = (value as Readonly<Record<string, unknown>>)[key];
    const json = written && key === 'toJSON' && typeof field === 'function' ? undefined : copy(walk, field);
    if (json !== undefined) {
      grow(walk, key.length + 3);
      put(made, key, json);
    }
    path.pop();
  }
  return made;
};

const put = (made: Record<string, Json>, key: string, value: Json): void => {
  // An assignment would set the prototype.
  if (key === '__proto__')
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
  else made[key] = value;
};

const requireData = (walk: Walk, value: object): void => {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === 'Promise') throw unfit(walk, 'a Promise (await it)');
  if (tag !== 'Object') throw unfit(walk, `a ${tag}, which JSON cannot hold`);
};

const grow = (walk: Walk, bytes: number): void => {
  walk.size += bytes;
  if (walk.size <= walk.limit) return;
  throw new Unfit(
    'PayloadTooLarge',
    `Expected ${walk.name} to have at most ${walk.limit} bytes as JSON, but it has at least ${walk.size} (up to ${pathOf(walk)}).`,
  );
};

const unfit = (walk: Walk, found: string): Unfit =>
  new Unfit('InvalidOutput', `Expected ${walk.name} to be JSON, but ${pathOf(walk)} is ${found}.`);

const pathOf = ({ name, path }: Walk): string => name + path.map(segment).join('');

const segment = (key: string | number): string => {
  if (typeof key === 'number') return `[${key}]`;
  const short = shortened(key, LONGEST_KEY);
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${short}` : `[${JSON.stringify(short)}]`;
};

/** Anything can be thrown, also what cannot be made text. */
const messageOf = (thrown: unknown): string => {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return 'an unreadable error was thrown.';
  }
};
