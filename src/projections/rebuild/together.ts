import { knownOf } from '../known-documents.ts';
import { least } from '../later-pass.ts';
import { stopped } from '../patience.ts';
import { showOutage } from '../show-outage.ts';
import type { Crew, Crews, Hand, Portion, Stretch, Stretched } from './crew.ts';
import { createHand } from './hand.ts';
import { makeRemovalIndexes } from './indexes.ts';
import { endStep, stepAside } from './pauses.ts';
import {
  attempt,
  behind,
  isAlive,
  isFolded,
  type Plan,
  type RebuildParts,
  type Target,
  type Task,
} from './task.ts';

/** Batches that are folded at a time: so often it stands still, and each waits for the last. */
const STRETCH = 4;

type Range = Pick<Stretch, 'after' | 'upTo'>;

const positionOf = ({ shadow }: Task): bigint => shadow.fold.position;

const portionOf = ({ member: { projection }, shadow: { fold, findsRemoved } }: Task): Portion => ({
  projection: projection.name,
  version: projection.version,
  generation: fold.generation,
  position: fold.position,
  parked: [...fold.parked],
  findsRemoved,
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

const codeOf = (reason: unknown): unknown =>
  reason instanceof Error && 'code' in reason ? reason.code : undefined;

/** What is no fault of who says it. */
const EXPECTED: ReadonlySet<unknown> = new Set(['PROJECTION_FAILED', 'REMOVALS_AHEAD']);

/** Those who fold a pass: a crew, told of what it fails with, and who rebuilds. */
interface Hands {
  readonly crew: Crew;
  readonly own: Hand;
  readonly failed: Crews['failed'];
}

/** What came of a stretch: it is done, it is to be done again with the indexes of removals, or by who rebuilds alone. */
type Outcome = 'done' | 'removals' | 'failed';

const foldStretch = async (
  { crew, own, failed }: Hands,
  tasks: readonly Task[],
  range: Range,
): Promise<Outcome> => {
  const portions = tasks.map(portionOf);
  // Its own begins to read at once, before others would be asked.
  const hands = [...crew.ready(), own];
  const of = hands.length;
  const results = await Promise.allSettled(
    hands.map((hand, index) => hand.fold({ ...range, shard: { index, of }, portions })),
  );
  const failures = results.filter((result) => result.status === 'rejected');
  if (failures.length === 0) {
    const done = results.filter((result) => result.status === 'fulfilled');
    add(
      tasks,
      range,
      done.map(({ value }) => value),
    );
    return 'done';
  }
  if (failures.every(({ reason }) => codeOf(reason) === 'REMOVALS_AHEAD')) return 'removals';
  // What its own fails with, and what cannot be folded, who goes on alone finds again, and which of it comes first.
  const faults = results.slice(0, -1).filter((result) => result.status === 'rejected');
  for (const { reason } of faults) if (!EXPECTED.has(codeOf(reason))) failed(reason);
  return 'failed';
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

/** Folds on until the first task is at its target, some fail, or it is paused; answers whether it is to go on behind that. */
const foldBy = async (
  hands: Hands,
  parts: RebuildParts,
  plan: Plan,
  tasks: readonly Task[],
  target: Target,
): Promise<boolean> => {
  const { clock, batch, signal } = parts;
  while (!plan.control.isPaused()) {
    await stepAside(parts, plan, tasks);
    const due = behind(tasks, target);
    const range = nextRange(due, target, STRETCH * batch);
    if (range === undefined) return false;
    const began = clock.now();
    const outcome = await foldStretch(hands, due, range);
    if (signal.aborted) throw stopped();
    if (outcome === 'failed') return false;
    if (outcome === 'removals')
      for (const task of due) await attempt(task, () => makeRemovalIndexes(parts, task));
    await endStep(parts, plan, due, clock.now() - began);
  }
  return true;
};

const createOwn = ({ log, store, signal, batch }: RebuildParts, tasks: readonly Task[]): Hand =>
  createHand({
    log,
    readModels: store.readModels,
    projections: tasks.map(({ member }) => member.projection),
    patience: store.patience,
    signal,
    batch,
    told: (outage) => {
      for (const { member } of tasks) showOutage(store, member, outage);
    },
  });

/**
 * Folds tasks that are far from their targets with a crew, each execution's documents by one of them, until the first is at
 * its target or somebody fails, without whom it is then gone on alone. Only documents beside the live ones that are of one
 * execution each, and only where all that the machine has may be taken. Nobody is kept while it is paused.
 */
export const foldTogether = async (
  parts: RebuildParts,
  plan: Plan,
  tasks: readonly Task[],
  target: Target,
): Promise<void> => {
  const { crews, signal } = parts;
  if (crews === undefined || !isFolded(plan) || plan.maxShare < 1) return;
  if (tasks.some(({ member }) => member.projection.isOfOneExecution !== true)) return;
  let goesOn = true;
  while (goesOn && isFar(tasks, target, crews.atLeast)) {
    await stepAside(parts, plan, tasks);
    const crew = crews.open();
    if (crew === undefined) return;
    const failed = (failure: unknown): void => {
      // Who is let go gives up what it is at.
      if (!signal.aborted) crews.failed(failure);
    };
    // They may be waiting for what does not come, and nobody waits for them then.
    const letGo = (): void => void crew.close();
    signal.addEventListener('abort', letGo);
    try {
      goesOn = await foldBy({ crew, own: createOwn(parts, tasks), failed }, parts, plan, tasks, target);
    } finally {
      signal.removeEventListener('abort', letGo);
      await crew.close();
      // Others have written most of the documents since.
      for (const { member, shadow } of tasks) shadow.fold.known = knownOf(member.projection, false);
    }
  }
};
