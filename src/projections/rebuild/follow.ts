import { subscribeWhole } from '../../ports/whole-log.ts';
import { foldBatch } from '../fold.ts';
import { clipped, liftBatch, type LiftedBatch } from '../lift-batch.ts';
import { patiently } from '../member.ts';
import { stopped } from '../patience.ts';
import { hasRemovals, makeRemovalIndexes } from './indexes.ts';
import { patientLog } from './patient-log.ts';
import { endStep, stepAside } from './pauses.ts';
import { attempt, behind, isFolded, type Plan, type RebuildParts, type Target, type Task } from './task.ts';
import { foldTogether } from './together.ts';

const advance = (parts: RebuildParts, plan: Plan, task: Task, batch: LiftedBatch): Promise<void> =>
  attempt(task, async () => {
    const { store, log } = parts;
    const { member, shadow } = task;
    if (isFolded(plan) && !shadow.findsRemoved && hasRemovals(batch)) await makeRemovalIndexes(parts, task);
    const { fold } = shadow;
    const folded = await patiently(store, member, () => foldBatch(store.readModels, fold, batch, log));
    fold.position = folded.position;
    fold.events += folded.events;
    if (folded.failure !== undefined) throw folded.failure;
    shadow.rate.add(batch.events.length);
    if (member.live === undefined) member.at = batch.at ?? member.at;
  });

/**
 * Folds tasks on until each is at its target and none is behind it, in one pass over the log that begins where the
 * first of them is. `isFree`: it may be held up, rests, and has others fold with it; not while others wait for it.
 */
export const follow = async (
  parts: RebuildParts,
  plan: Plan,
  tasks: readonly Task[],
  target: Target,
  isFree = true,
): Promise<void> => {
  const { store, clock, signal, batch: size } = parts;
  const log = patientLog(parts.log, store.patience);

  const readOn = async (after: bigint): Promise<void> => {
    for await (const batch of subscribeWhole(log, { after, signal, batch: size, withoutPayloads: true })) {
      if (isFree) await stepAside(parts, plan, tasks);
      const began = clock.now();
      const lifted = liftBatch(batch);
      const due = behind(tasks, target).filter(({ shadow }) => shadow.fold.position < batch.position);
      await Promise.all(due.map((task) => advance(parts, plan, task, clipped(lifted, target(task)))));
      await endStep(parts, plan, due, isFree ? clock.now() - began : undefined);
      // One that was cut off at its target is to see the rest of the batch when the target has moved on.
      const left = behind(tasks, target);
      if (left.length === 0 || left.some(({ shadow }) => shadow.fold.position < batch.position)) return;
    }
    throw stopped();
  };

  if (isFree) await foldTogether(parts, plan, tasks, target);
  for (let left = behind(tasks, target); left.length > 0; left = behind(tasks, target)) {
    const positions = left.map(({ shadow }) => shadow.fold.position);
    await readOn(positions.reduce((low, at) => (at < low ? at : low)));
  }
};
