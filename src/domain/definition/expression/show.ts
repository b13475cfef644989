import { shortened } from '../../cut.ts';
import type { Json } from '../../json.ts';

/** A value as it may stand in a message: JSON, an object by its keys, cut after some 60 characters. */
export const show = (value: Json): string => {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const keys = Object.keys(value);
    if (keys.length === 0) return 'an object without keys';
    const named = keys.slice(0, 8).join(', ');
    return `an object with the keys ${named}${keys.length > 8 ? ', …' : ''}`;
  }
  if (Array.isArray(value) && value.length > 8) return `a list of ${value.length}`;
  return shortened(JSON.stringify(value), 60);
};
