import { subscribeWhole, type ReadLog } from '../../ports/whole-log.ts';
import { foldBatch } from '../fold.ts';
import { liftBatch, type LiftedBatch } from '../lift-batch.ts';
import { patiently } from '../member.ts';
import { stopped } from '../patience.ts';
import { prepareRemovals } from './indexes.ts';
import { rest, stepAside } from './pauses.ts';
import { attempt, isAlive, saveProgress, type Plan, type RebuildParts, type Task } from './task.ts';

/** Where a task is to get to; may move on meanwhile. */
export type Target = (task: Task) => bigint;

/** What of a batch is not behind a position. */
const clipped = (batch: LiftedBatch, end: bigint): LiftedBatch =>
  batch.position <= end
    ? batch
    : {
        ...batch,
        position: end,
        events: batch.events.filter(({ position }) => position <= end),
        unreadable: batch.unreadable.filter(({ event }) => event.position <= end),
      };

const advance = (parts: RebuildParts, plan: Plan, task: Task, batch: LiftedBatch): Promise<void> =>
  attempt(task, async () => {
    const { store, log } = parts;
    const { member, shadow } = task;
    await prepareRemovals(parts, plan, task, batch);
    const { fold } = shadow;
    const folded = await patiently(store, member, () => foldBatch(store.readModels, fold, batch, log));
    fold.position = folded.position;
    fold.events += folded.events;
    if (folded.failure !== undefined) throw folded.failure;
    shadow.rate.add(batch.events.length);
    if (member.live === undefined) member.at = batch.at ?? member.at;
  });

/** The log of a pass, which does not end because what was given up cannot be read for a while. */
const patientLog = ({ log, store: { patience } }: RebuildParts): ReadLog => ({
  subscribe: (options) => log.subscribe(options),
  head: (stream) =>
    patience.retry(
      () => log.head(stream),
      () => undefined,
    ),
  read: (stream, options) =>
    patience.retry(
      () => log.read(stream, options),
      () => undefined,
    ),
});

/**
 * Folds tasks on until each is at its target and none is behind it, in one pass over the log that begins where the
 * first of them is. `isFree`: it may be held up, and rests; not while others wait for it.
 */
export const follow = async (
  parts: RebuildParts,
  plan: Plan,
  tasks: readonly Task[],
  target: Target,
  isFree = true,
): Promise<void> => {
  const { store, clock, signal, batch: size } = parts;
  const log = patientLog(parts);
  const behind = (): readonly Task[] =>
    tasks.filter((task) => isAlive(task) && task.shadow.fold.position < target(task));

  const readOn = async (after: bigint): Promise<void> => {
    for await (const batch of subscribeWhole(log, { after, signal, batch: size, withoutPayloads: true })) {
      if (isFree) await stepAside(parts, plan, tasks);
      const began = clock.now();
      const lifted = liftBatch(batch);
      const due = behind().filter(({ shadow }) => shadow.fold.position < batch.position);
      await Promise.all(due.map((task) => advance(parts, plan, task, clipped(lifted, target(task)))));
      await saveProgress(store, due);
      // Whoever is told how far it is asks for how long still, and the rest counts for that.
      const rested = isFree ? rest(parts, plan, tasks, clock.now() - began) : undefined;
      for (const { member } of due) store.tell(member, 'state');
      await rested;
      // One that was cut off at its target is to see the rest of the batch when the target has moved on.
      const left = behind();
      if (left.length === 0 || left.some(({ shadow }) => shadow.fold.position < batch.position)) return;
    }
    throw stopped();
  };

  for (let left = behind(); left.length > 0; left = behind()) {
    const positions = left.map(({ shadow }) => shadow.fold.position);
    await readOn(positions.reduce((low, at) => (at < low ? at : low)));
  }
};
