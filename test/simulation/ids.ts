import type { Clock } from '../../src/ports/clock.ts';
import type { Ids } from '../../src/ports/ids.ts';
import type { Random } from './random.ts';

const hex = (random: Random, digits: number): string =>
  Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join('');

/** UUIDv7 by the virtual clock, each greater than the one before. */
export const simulatedIds = (clock: Clock, random: Random): Ids => {
  let count = 0;
  return {
    random: random.next,
    next: () => {
      count += 1;
      const time = clock.now().toString(16).padStart(12, '0');
      const counter = (count & 0xfff).toString(16).padStart(3, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-8${hex(random, 3)}-${hex(random, 12)}`;
    },
  };
};
