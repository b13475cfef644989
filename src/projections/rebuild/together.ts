import { knownOf } from '../known-documents.ts';
import { least } from '../later-pass.ts';
import { stopped } from '../patience.ts';
import type { Hand, Portion, Stretch, Stretched } from './crew.ts';
import { createHand } from './hand.ts';
import { endStep, stepAside } from './pauses.ts';
import { isAlive, isFolded, type Plan, type RebuildParts, type Target, type Task } from './task.ts';

/** Batches that are folded at a time: so often it stands still, and each waits for the last. */
const STRETCH = 4;

type Range = Pick<Stretch, 'after' | 'upTo'>;

const positionOf = ({ shadow }: Task): bigint => shadow.fold.position;

const portionOf = ({ member, shadow: { fold } }: Task): Portion => ({
  projection: member.projection.name,
  generation: fold.generation,
  position: fold.position,
  parked: [...fold.parked],
});

const add = (tasks: readonly Task[], { after, upTo }: Range, done: readonly Stretched[]): void => {
  const at = Math.max(0, ...done.map((one) => one.at ?? 0));
  for (const { member, shadow } of tasks) {
    const { fold } = shadow;
    if (fold.position < upTo) fold.position = upTo;
    for (const { events } of done) fold.events += events.get(member.projection.name) ?? 0;
    shadow.rate.add(Number(upTo - after));
    if (member.live === undefined && at > 0) member.at = at;
  }
};

/** Whether somebody failed otherwise than whoever folds alone would. */
const isFault = (reason: unknown): boolean =>
  !(reason instanceof Error && 'code' in reason && reason.code === 'PROJECTION_FAILED');

/** Has all hands fold their shards of a stretch. Answers what each could not do. */
const foldStretch = async (
  hands: readonly Hand[],
  tasks: readonly Task[],
  range: Range,
): Promise<readonly unknown[]> => {
  const portions = tasks.map(portionOf);
  const of = hands.length;
  const results = await Promise.allSettled(
    hands.map((hand, index) => hand.fold({ ...range, shard: { index, of }, portions })),
  );
  const failures = results.filter((result) => result.status === 'rejected');
  const done = results.filter((result) => result.status === 'fulfilled');
  if (failures.length === 0)
    add(
      tasks,
      range,
      done.map(({ value }) => value),
    );
  return failures.map(({ reason }) => reason as unknown);
};

const isFar = (tasks: readonly Task[], target: Target, atLeast: number): boolean =>
  tasks.some((task) => isAlive(task) && target(task) - positionOf(task) >= BigInt(atLeast));

/** What comes next; `undefined` when the first of the tasks is where the first of the targets is. */
const nextRange = (tasks: readonly Task[], target: Target, most: number): Range | undefined => {
  const after = least(tasks.map(positionOf));
  const aim = least(tasks.map(target));
  if (after === undefined || aim === undefined || after >= aim) return undefined;
  const upTo = after + BigInt(most);
  return { after, upTo: upTo < aim ? upTo : aim };
};

/**
 * Folds tasks that are far from their targets with a crew, each execution's documents by one of them, until the first is at
 * its target or somebody fails: whoever goes on alone then finds what cannot be folded, and which of it comes first. Only
 * documents beside the live ones that are of one execution each, and only where all that the machine has may be taken.
 */
export const foldTogether = async (
  parts: RebuildParts,
  plan: Plan,
  tasks: readonly Task[],
  target: Target,
): Promise<void> => {
  const { crews, log, store, signal, batch, clock } = parts;
  const projections = tasks.map(({ member }) => member.projection);
  if (crews === undefined || !isFolded(plan) || plan.maxShare < 1) return;
  if (projections.some(({ isOfOneExecution }) => isOfOneExecution !== true)) return;
  if (!isFar(tasks, target, crews.atLeast)) return;
  const { readModels, patience } = store;
  const own = createHand({ log, readModels, projections, patience, signal, batch });
  const crew = crews.open();
  try {
    for (;;) {
      const due = tasks.filter((task) => isAlive(task) && positionOf(task) < target(task));
      const range = nextRange(due, target, STRETCH * batch);
      if (range === undefined) return;
      await stepAside(parts, plan, due);
      const began = clock.now();
      // Its own hand begins to read at once, before the others would be asked.
      const failures = await foldStretch([...crew.ready(), own], due, range);
      if (signal.aborted) throw stopped();
      failures.filter(isFault).forEach(crews.failed);
      if (failures.length > 0) return;
      await endStep(parts, plan, due, clock.now() - began);
    }
  } finally {
    await crew.close();
    // Others have written most of the documents since.
    for (const { member, shadow } of tasks) shadow.fold.known = knownOf(member.projection, false);
  }
};
