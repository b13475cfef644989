import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTimerHeap, type Scheduled } from '../../../src/adapters/system/timer-heap.ts';

const nothing = () => undefined;

/** To add a call for a time, or to take out one of those that were added. */
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 99 }) }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.nat(), first: fc.constantFrom(true, false, false) }) },
  ),
  // So many that a heap has branches of some depth, of which one may hold what another would begin with.
  { minLength: 50, maxLength: 200 },
);

const inOrder = (a: Scheduled, b: Scheduled): number => a.at - b.at || a.number - b.number;

it('has first what comes first, whatever was added and taken out', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const heap = createTimerHeap();
      const all: Scheduled[] = [];
      let model: Scheduled[] = [];
      for (const step of taken) {
        if ('add' in step) {
          const timer: Scheduled = { at: step.add, fire: nothing, number: all.length, index: -1 };
          all.push(timer);
          model = [...model, timer].sort(inOrder);
          heap.add(timer);
        } else {
          // Also one that is not there any more.
          const timer = step.first ? heap.first : all[step.remove % Math.max(all.length, 1)];
          if (timer === undefined) continue;
          model = model.filter((other) => other !== timer);
          heap.remove(timer);
        }
        expect(heap.first).toBe(model[0]);
      }
      for (const timer of model) {
        expect(heap.first).toBe(timer);
        heap.remove(timer);
      }
      expect(heap.first).toBeUndefined();
    }),
  );
});
