const LONGEST = 500;
/** More parts than this of one value, and values further below each other, take as long to tell as to check. */
const MOST = 50;
const DEEPEST = 3;

const isObject = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

// JSON takes what is undefined in a list, or left out of it, for null.
const isPlainList = (list: readonly unknown[], depth: number): boolean =>
  list.length <= MOST && [...list].every((part) => part !== undefined && isPlain(part, depth));

const isPlainObject = (value: object, depth: number): boolean => {
  const parts = Object.values(value);
  return parts.length <= MOST && parts.every((part) => isPlain(part, depth));
};

const isPlain = (value: unknown, depth: number): boolean => {
  switch (typeof value) {
    case 'string':
      return value.length < LONGEST;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'boolean':
    case 'undefined':
      return true;
    case 'object':
      if (value === null) return true;
      if (depth === DEEPEST) return false;
      if (Array.isArray(value)) return isPlainList(value, depth + 1);
      return isObject(value) && isPlainObject(value, depth + 1);
    default:
      return false;
  }
};

/**
 * The text that an object has alone, of whatever class it is, which is made of a few short texts, numbers and the like, lists
 * and objects; `undefined` for any other. What is undefined is as if it were not there.
 */
export const textOfPlain = (value: object): string | undefined => {
  if (!isPlainObject(value, 1)) return undefined;
  const text = JSON.stringify(value);
  return text.length < 2 * LONGEST ? text : undefined;
};
