import { setImmediate as turn } from 'node:timers/promises';
import { createRate } from '../rate.ts';
import { saveProgress, type Plan, type RebuildParts, type Task } from './task.ts';

/** Lets tasks stand still while their pass is held up, and says so. */
export const stepAside = (parts: RebuildParts, plan: Plan, tasks: readonly Task[]): Promise<void> =>
  plan.control.step(async () => {
    await saveProgress(parts.store, tasks);
    for (const { member, shadow } of tasks) {
      shadow.from = shadow.fold.position;
      shadow.since = parts.clock.now();
      shadow.rate = createRate(parts.clock);
      parts.store.tell(member, 'state');
    }
  });

/** Lets tasks rest after so many ms of work for as long as the share of the plan asks for; they say so at once. */
export const rest = async (
  { store, clock }: RebuildParts,
  { maxShare }: Plan,
  tasks: readonly Task[],
  worked: number,
): Promise<void> => {
  const ms = (worked * (1 - maxShare)) / maxShare;
  const until = clock.now() + ms;
  for (const { shadow } of tasks) shadow.restsUntil = until;
  // Stores that answer at once would otherwise let nobody else get on.
  if (ms >= 1) await store.patience.wait(ms);
  else await turn();
};

/** Ends a step of tasks: it is stored and told how far they are, and they rest when it tells how many ms it has worked. */
export const endStep = async (
  parts: RebuildParts,
  plan: Plan,
  tasks: readonly Task[],
  worked: number | undefined,
): Promise<void> => {
  await saveProgress(parts.store, tasks);
  // Whoever is told how far it is asks for how long still, and the rest counts for that.
  const rested = worked === undefined ? undefined : rest(parts, plan, tasks, worked);
  for (const { member } of tasks) parts.store.tell(member, 'state');
  await rested;
};
