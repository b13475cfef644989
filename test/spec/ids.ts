import type { Ids } from '../../src/ports/ids.ts';

/** Ids that count, in the form of a UUIDv7; what is random is always `random`. `space` keeps sources apart. */
export const countingIds = (random = 0.5, space = 0): Ids => {
  let count = 0;
  return {
    random: () => random,
    next: () => {
      count += 1;
      const node = space.toString(16).padStart(4, '0');
      return `0199a8f2-6f00-7000-8${node.slice(1)}-${count.toString(16).padStart(12, '0')}`;
    },
  };
};
