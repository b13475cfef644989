import type { CollectionIndex } from '../../ports/read-models.ts';
import { patiently } from '../member.ts';
import type { LiftedBatch } from '../lift-batch.ts';
import { rest, stepAside } from './pauses.ts';
import { attempt, isAlive, isFolded, type Plan, type RebuildParts, type Task } from './task.ts';

const make = ({ store }: RebuildParts, { member, shadow }: Task, index: CollectionIndex): Promise<void> =>
  patiently(store, member, () => store.readModels.prepare(shadow.fold.collection, [index]));

/** Whether documents that go with their executions are found by it. */
const findsRemoved = ({ member }: Task, { fields }: CollectionIndex): boolean => {
  const { forgets } = member.projection;
  return forgets !== undefined && forgets !== 'key' && fields[0] === forgets.field;
};

/** Makes what the removals of a batch are looked up by, once: without it each is a search through everything. */
export const prepareRemovals = async (
  parts: RebuildParts,
  plan: Plan,
  task: Task,
  { events }: LiftedBatch,
): Promise<void> => {
  const { shadow, member } = task;
  if (!isFolded(plan) || shadow.findsRemoved) return;
  if (!events.some(({ type }) => type === 'execution.removed')) return;
  for (const index of member.projection.indexes.filter((one) => findsRemoved(task, one)))
    await make(parts, task, index);
  shadow.findsRemoved = true;
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
