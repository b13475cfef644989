const LONGEST = 500;

const isPlain = (value: unknown): boolean => {
  switch (typeof value) {
    case 'string':
      return value.length < LONGEST;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'boolean':
    case 'undefined':
      return true;
    default:
      return value === null;
  }
};

/**
 * The text that an object of a few short texts, numbers and the like has alone; `undefined` for any other. What is undefined
 * is as if it were not there.
 */
export const textOfPlain = (value: object): string | undefined => {
  if (!Object.values(value).every(isPlain)) return undefined;
  const text = JSON.stringify(value);
  return text.length < 2 * LONGEST ? text : undefined;
};
