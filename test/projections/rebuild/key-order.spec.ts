import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareKeys } from '../../../src/projections/rebuild/key-order.ts';

it('orders keys as their UTF-8 bytes are', () => {
  const key = fc.string({
    unit: fc.oneof(
      fc.constantFrom('a', 'é', '\uffee', '\ue000', '😀', '\ud7ff'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
