import type { Json } from '../../json.ts';

/** The most values that one template may give. */
export const MAX_VALUES = 1_000_000;

const MAX_TEXT = 16_777_216;

/** Whether a value, what it repeats counted each time, is more than may be written out. Takes no longer than that. */
export const isTooLarge = (value: Json): boolean => {
  let values = 0;
  let characters = 0;
  const isOver = (value: Json): boolean => {
    values += 1;
    if (typeof value === 'string') characters += value.length;
    if (values > MAX_VALUES || characters > MAX_TEXT) return true;
    if (value === null || typeof value !== 'object') return false;
    for (const [key, member] of Object.entries(value)) {
      characters += key.length;
      if (isOver(member)) return true;
    }
    return false;
  };
  return isOver(value);
};
