import { expect, it } from 'vitest';
import { bootAfter } from '../../../src/domain/partition/boot-after.ts';

it.each([
  ['00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'its own'],
  ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000f', 'the next'],
  ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8fff-ffffffffffff', 'the next'],
  ['0198c0de-0000-7000-8000-000000000001', '0198c0de-0000-7000-8000-000000000001', 'the next'],
])('of %s after %s is greater than both: %s', (own, seen, which) => {
  const boot = bootAfter(own, seen);
  expect(boot > seen && boot >= own).toBe(true);
  expect(boot === own).toBe(which === 'its own');
  expect(boot).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
