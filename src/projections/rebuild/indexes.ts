import type { CollectionIndex } from '../../ports/read-models.ts';
import { patiently } from '../member.ts';
import type { LiftedBatch } from '../lift-batch.ts';
import type { Projection } from '../projection.ts';
import { rest, stepAside } from './pauses.ts';
import { attempt, isAlive, type Plan, type RebuildParts, type Task } from './task.ts';

const make = ({ store }: RebuildParts, { member, shadow }: Task, index: CollectionIndex): Promise<void> =>
  patiently(store, member, () => store.readModels.prepare(shadow.fold.collection, [index]));

/** Whether documents that go with their executions are found by it. */
const isOfRemovals = ({ forgets }: Projection, { fields }: CollectionIndex): boolean =>
  forgets !== undefined && forgets !== 'key' && fields[0] === forgets.field;

/** Whether a batch has removals, which are looked up by indexes of their own. */
export const hasRemovals = ({ events }: LiftedBatch): boolean =>
  events.some(({ type }) => type === 'execution.removed');

/** Makes what removals are looked up by: without it each is a search through everything. */
export const makeRemovalIndexes = async (parts: RebuildParts, task: Task): Promise<void> => {
  const { projection } = task.member;
  for (const index of projection.indexes.filter((one) => isOfRemovals(projection, one)))
    await make(parts, task, index);
  task.shadow.findsRemoved = true;
};

/** Makes the indexes of what was folded, one at a time, so that others get their turn in between. */
export const makeIndexes = async (parts: RebuildParts, plan: Plan, tasks: readonly Task[]): Promise<void> => {
  for (const task of tasks.filter(isAlive))
    await attempt(task, async () => {
      task.shadow.phase = 'swapping';
      for (const index of task.member.projection.indexes) {
        const began = parts.clock.now();
        await make(parts, task, index);
        await stepAside(parts, plan, tasks);
        await rest(parts, plan, tasks, parts.clock.now() - began);
      }
    });
};
