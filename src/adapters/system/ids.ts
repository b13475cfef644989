import { randomFillSync } from 'node:crypto';
import type { Ids } from '../../ports/ids.ts';

const POOL = 4_096;

/** UUIDv7 by the machine's clock, with a counter that keeps the ids of one millisecond in order. */
export const systemIds = (): Ids => {
  const pool = Buffer.alloc(POOL);
  let used = POOL;
  let last = 0;
  let counter = 0;

  const draw = (bytes: number): string => {
    if (used + bytes > POOL) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytes;
    return pool.toString('hex', used - bytes, used);
  };

  return {
    random: () => Math.random(),
    next: () => {
      const now = Date.now();
      if (now > last) {
        last = now;
        counter = 0;
      } else if (++counter > 0xfff) {
        last += 1;
        counter = 0;
      }
      const time = last.toString(16).padStart(12, '0');
      const rest = draw(8);
      const variant = ((Number.parseInt(rest.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${rest.slice(1, 4)}-${rest.slice(4)}`;
    },
  };
};
