import { ImportArchive } from '../../src/commands/import-archive.ts';
import { RetainExecutions } from '../../src/commands/retain.ts';
import { TruncateStreams } from '../../src/commands/truncate-streams.ts';
import type { Accepted } from './accepted.ts';
import { CLIENT, type Client } from './client.ts';
import type { Random } from './random.ts';
import type { Traps } from './traps.ts';
import type { World } from './world.ts';

interface Stage {
  readonly world: World;
  readonly client: Client;
  readonly random: Random;
  readonly accepted: Accepted;
}

/** Times before which something ended, ms before now. */
const AGES = [0, 0, 1_000, 20_000];

/** A workflow, mostly, of which something has begun; or all of them. */
const someWorkflow = ({ world, random }: Stage): { readonly workflow?: string } => {
  const begun = world.log.events.filter(({ type }) => type === 'execution.started');
  if (begun.length === 0 || random.chance(0.2)) return {};
  return { workflow: random.pick(begun).facts['workflow'] as string };
};

/** A time that is over is over by the clock of every node, mostly. */
const aheadOf = ({ settings }: World): number => settings.sharing?.ahead ?? 0;

const since = ({ world, random }: Stage, share: number): { readonly before?: number } =>
  random.chance(share) ? { before: world.clock.now() - aheadOf(world) - random.pick(AGES) } : {};

/** Whether somebody asks until it is done: what takes many requests never is where many of them go wrong. */
const asksAgain = ({ world: { weather }, random }: Stage): boolean =>
  random.chance(0.7) && weather.faults <= 0.02;

/** Removes what has ended. */
const remove = async (stage: Stage): Promise<void> => {
  const { client, random, accepted } = stage;
  const what = { ...someWorkflow(stage), ...since(stage, 0.8), dryRun: random.chance(0.1) };
  const about = `remove ${what.workflow ?? 'what is kept no longer'}`;
  const known = await client.ask(about, new RetainExecutions(what, CLIENT), asksAgain(stage));
  accepted.kept.push({ what: 'remove', known });
};

/** Gives up the streams of what was removed. */
const truncate = async (stage: Stage): Promise<void> => {
  const { client, random, accepted } = stage;
  const what = { ...someWorkflow(stage), ...since(stage, 0.3), dryRun: random.chance(0.1) };
  const about = `truncate ${what.workflow ?? 'all'}`;
  const known = await client.ask(about, new TruncateStreams(what, CLIENT), asksAgain(stage));
  accepted.kept.push({ what: 'truncate', known });
};

/** Brings back what an archive holds. */
const bringBack = async (stage: Stage): Promise<void> => {
  const { world, client, random, accepted } = stage;
  const { names } = world.archives;
  if (names.length === 0) return;
  const name = random.pick(names);
  const known = await client.ask(`bring back ${name}`, new ImportArchive(name, CLIENT), asksAgain(stage));
  accepted.kept.push({ what: 'bring back', known });
};

/** Removes what has ended, and gives it up at once. */
export const giveUp = async (stage: Stage): Promise<void> => {
  await remove(stage);
  await truncate(stage);
};

const ACTS = [remove, giveUp, giveUp, truncate, bringBack];

/** Something of what becomes of executions that have ended. */
export const keep = (stage: Stage): Promise<void> => stage.random.pick(ACTS)(stage);

/** Sets a trap, mostly, where something of it is durable. */
export const trapKeeping = ({ random }: Stage, traps: Pick<Traps, 'set'>): void => {
  for (let count = random.pick([0, 1, 1, 2]); count > 0; count -= 1)
    traps.set('removal', random.int(1, 12), random.fork(`trap ${count}`));
};

/** Does some of it at times within a span (ms), where a run does it at all. */
export const keepMeanwhile = async (stage: Stage, traps: Pick<Traps, 'set'>, span: number): Promise<void> => {
  const { world, client, random } = stage;
  if (!world.settings.retains) return;
  trapKeeping(stage, traps);
  const later = async (): Promise<void> => {
    await client.pass(random.int(span / 4, span));
    await keep(stage);
  };
  await Promise.all(Array.from({ length: random.int(1, 6) }, later));
};

/** Gives up all that was removed, however often that has to be asked for. */
export const truncateAll = async ({ client, accepted }: Stage): Promise<void> => {
  const known = await client.ask('truncate all', new TruncateStreams({ dryRun: false }, CLIENT), true);
  accepted.kept.push({ what: 'truncate all', known });
};
