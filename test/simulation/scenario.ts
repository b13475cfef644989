import {
  ChangeSchedule,
  ChangeWorkflow,
  EmitEvent,
  OperateExecution,
  RegisterWorkflow,
  ResendNotification,
  SignalExecution,
  StartExecution,
} from '../../src/commands/commands.ts';
import { DecideApproval } from '../../src/commands/decide-approval.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { entityOf } from '../../src/domain/stream.ts';
import { nothingAccepted, type Accepted } from './accepted.ts';
import { scheduledIn } from './check-schedules.ts';
import { compareLive } from './compare-live.ts';
import { CLIENT, createClient, type Client } from './client.ts';
import { troubleOne } from './acts-of-many.ts';
import { crowd } from './acts-of-crowds.ts';
import { migrate } from './acts-of-migration.ts';
import { keepMeanwhile } from './acts-of-retention.ts';
import { operate } from './acts-of-operators.ts';
import type { Cluster, Ending } from './cluster.ts';
import { makeDefinition, WORKFLOWS } from './definitions.ts';
import { MOMENTS, MOMENTS_OF_MANY, type Moment } from './moments.ts';
import type { Random } from './random.ts';
import { ASSIGNEES, EVENTS, SIGNALS } from './step-kinds.ts';
import { createTraps } from './traps.ts';
import type { World } from './world.ts';

/** What acts in a scenario are played with. */
export interface Stage {
  readonly world: World;
  readonly cluster: Cluster;
  readonly client: Client;
  readonly random: Random;
  readonly accepted: Accepted;
}

/** Something that happens in a run. */
export type Act = (stage: Stage) => Promise<void>;

const PROJECTED = PROJECTIONS.map(({ name }) => name);

const register: Act = async ({ world, client, random, accepted }) => {
  const workflow = random.pick(WORKFLOWS);
  const source = makeDefinition(random, workflow, world.settings.sharing === undefined ? '20m' : '40s');
  const known = await client.ask(`register ${workflow}`, new RegisterWorkflow(source, CLIENT), true);
  accepted.registered.push({ workflow, known });
};

const levelOf = (random: Random) => (random.chance(0.95) ? { level: random.int(0, 5) } : null);

/** Starts an execution, with a key or without. */
export const start: Act = async ({ client, random, accepted }) => {
  const workflow = random.pick(WORKFLOWS);
  const key = random.chance(0.5) ? `key ${random.int(1, 4)}` : undefined;
  const version = random.chance(0.15) ? random.int(1, 3) : undefined;
  const command = new StartExecution(workflow, levelOf(random), key, CLIENT, undefined, version);
  const since = latestChange(accepted, workflow);
  const known = await client.ask(`start ${workflow} ${key ?? ''}`, command, key !== undefined);
  accepted.started.push({ workflow, key, version, since, known });
};

const latestChange = ({ registered, changed }: Accepted, of: string): bigint =>
  [...registered, ...changed].reduce((latest, { workflow, known }) => {
    const at = workflow === of && known.what === 'answered' ? known.answer.position : 0n;
    return at > latest ? at : latest;
  }, 0n);

/** Changes what new executions run; what is retired does not stay so for long. */
const change: Act = async ({ client, random, accepted }) => {
  const workflow = random.pick(WORKFLOWS);
  const type = random.pick(['set_default', 'set_default', 'retire', 'unretire', 'unretire'] as const);
  const number = random.chance(0.6) ? random.int(1, 3) : undefined;
  const command = new ChangeWorkflow(workflow, { type, number, reason: 'because' }, CLIENT);
  const known = await client.ask(`${type} ${workflow} ${number ?? ''}`, command, true);
  accepted.changed.push({ workflow, known });
};

const changeSchedule = async (
  { client, accepted }: Stage,
  workflow: string,
  type: ChangeSchedule['change']['type'],
): Promise<void> => {
  const command = new ChangeSchedule(workflow, { type, reason: 'because' }, CLIENT);
  const known = await client.ask(`${type} ${workflow}`, command, true);
  accepted.paused.push({ workflow, type, known });
};

/** Pauses a schedule, and mostly lets it go on some time later; or lets one go on that need not be paused. */
const pause: Act = async (stage) => {
  const { world, client, random } = stage;
  const scheduled = scheduledIn(world.log);
  const workflow = random.pick(scheduled.length > 0 && random.chance(0.9) ? scheduled : WORKFLOWS);
  if (random.chance(0.9)) await changeSchedule(stage, workflow, 'pause');
  if (random.chance(0.2)) return;
  await client.pass(random.int(0, 30_000));
  await changeSchedule(stage, workflow, 'resume');
};

const emit: Act = async (stage) => {
  for (let left = stage.random.chance(0.25) ? stage.random.int(2, 6) : 1; left > 0; left -= 1)
    await emitOne(stage);
};

const emitOne: Act = async ({ client, random, accepted }) => {
  const event = random.pick(EVENTS);
  // Whoever gives no key does not ask again: an event that was accepted all the same starts what it starts.
  const key = random.chance(0.5) ? `key ${random.int(1, 9)}` : undefined;
  const command = new EmitEvent(event, levelOf(random), key, CLIENT);
  const known = await client.ask(`emit ${event}`, command, key !== undefined);
  accepted.emitted.push({ event, key, known });
};

/** The id of an execution that is in the log, if there is one. */
const someId = ({ world, random }: Stage): string | undefined => {
  const begun = world.log.events.filter(({ type }) => type === 'execution.started');
  return begun.length === 0 ? undefined : entityOf(random.pick(begun).stream);
};

const signal: Act = async (stage) => {
  const id = someId(stage);
  if (id === undefined) return;
  const { client, random, accepted } = stage;
  const name = random.pick(SIGNALS);
  const command = new SignalExecution(id, name, random.int(1, 9), CLIENT);
  const known = await client.ask(`signal ${name} to ${id}`, command, random.chance(0.5));
  accepted.signalled.push({ id, signal: name, known });
};

/** Decides what was asked for, at some time or other. */
const decide: Act = async ({ world, client, random, accepted }) => {
  const asked = world.log.events.filter(({ type }) => type === 'approval.requested');
  if (asked.length === 0) return;
  const { stream, facts } = random.pick(asked);
  const [id, step] = [entityOf(stream), facts['step'] as string];
  const by = random.pick([...ASSIGNEES, 'eve']);
  const decision = random.pick(['approved', 'rejected'] as const);
  const command = new DecideApproval(id, step, decision, '', by, CLIENT);
  const known = await client.ask(`decide ${step} of ${id}`, command, random.chance(0.5));
  accepted.decided.push({ id, step, by, known });
};

const cancel: Act = async (stage) => {
  const id = someId(stage);
  if (id === undefined) return;
  const command = new OperateExecution(id, { type: 'cancel', reason: 'enough' }, CLIENT);
  const known = await stage.client.ask(`cancel ${id}`, command, true);
  stage.accepted.cancelled.push({ id, known });
};

/** Has something sent once more that was, or that is still being tried. */
const resend: Act = async ({ world, client, random }) => {
  const asked = world.log.events.filter(({ type }) => type === 'notification.requested');
  if (asked.length === 0) return;
  const id = entityOf(random.pick(asked).stream);
  await client.ask(`resend ${id}`, new ResendNotification(id, 'once more', CLIENT), random.chance(0.5));
};

/** A node ends, and another one starts. */
export const restart: Act = async ({ world, cluster, random }) => {
  if (random.chance(0.5)) cluster.rollOut(1);
  const how = random.pick<Ending>(['stop', 'lose', 'lose']);
  // Long enough for a schedule to miss something.
  const isLong = world.settings.sharing === undefined && random.chance(0.1);
  const pause = isLong ? random.int(60_000, 300_000) : random.int(0, 5_000);
  await cluster.restart(how, pause, cluster.pick(random));
};

/** A service is away for a while. */
export const outage: Act = async ({ world: { weather, trace }, client, random }) => {
  const service = random.pick(['log', 'views'] as const);
  trace(`${service} is away`);
  weather.away.add(service);
  weather.outages += 1;
  await client.pass(random.pick([500, 5_000, 30_000]));
  weather.away.delete(service);
  trace(`${service} is back`);
};

/** A view is folded anew. */
export const rebuild: Act = async ({ world, cluster, random }) => {
  const name = random.pick(PROJECTED);
  const node = cluster.pick(random);
  if (node === undefined) return;
  const rebuilt = node.whileUp(node.core.projector.rebuild(name));
  const outcome = await world.waits(`the rebuild of ${name}`, rebuilt).then(
    ({ events }) => `${events} events`,
    (error: unknown) => String(error),
  );
  world.trace(`rebuild of ${name}: ${outcome}`);
};

/** Looks at what nodes have of an execution in memory. */
export const audit: Act = (stage) => compareLive(stage.world, stage.cluster, someId(stage));

/** What happens in a run, and how often among others. */
const ACTS: readonly Act[] = (
  [
    [start, 5],
    [register, 1],
    [change, 1],
    [pause, 1],
    [emit, 2],
    [signal, 3],
    [decide, 3],
    [cancel, 1],
    [operate, 4],
    [migrate, 2],
    [resend, 1],
    [audit, 2],
    [restart, 2],
    [outage, 1],
    [rebuild, 1],
  ] as const
).flatMap(([act, times]) => Array.from({ length: times }, () => act));

/** What happens in a run of several nodes: more to them, too. */
const ACTS_OF_MANY: readonly Act[] = [...ACTS, ...Array<Act>(5).fill(troubleOne)];

/** Plays what a seed draws: registers, starts and interrupts, until all of it was answered. */
export const playScenario = async (world: World, cluster: Cluster): Promise<Accepted> => {
  const random = world.random.fork('scenario');
  const client = createClient(world, cluster, random.fork('client'));
  const accepted = nothingAccepted();
  const stage = { world, cluster, client, random, accepted };
  const [all, moments] =
    world.settings.sharing === undefined ? [ACTS, MOMENTS] : [ACTS_OF_MANY, MOMENTS_OF_MANY];
  const acts = random.int(6, 30);
  const span = random.pick([500, 10_000, 60_000]);
  const later = async (act: Act): Promise<void> => {
    await client.pass(random.int(0, span));
    await act(stage);
  };
  const traps = createTraps(stage);
  for (let count = random.pick([0, 0, 1, 2, 4]); count > 0; count -= 1) {
    const moment = random.pick<Moment>(moments);
    const n = random.int(1, moment === 'emission' || moment === 'notice' ? 1 : 40);
    traps.set(moment, n, random.fork(`trap ${count}`));
  }
  const first = Array.from({ length: random.int(1, 4) }, () => register(stage));
  if (random.chance(0.9)) await Promise.all(first);
  const keeps = keepMeanwhile({ ...stage, random: random.fork('retention') }, traps, span);
  const many = random.fork('crowd');
  const crowds = many.chance(0.25) ? [crowd({ ...stage, random: many })] : [];
  await Promise.all([
    ...first,
    ...crowds,
    keeps,
    ...Array.from({ length: acts }, () => later(random.pick(all))),
  ]);
  await traps.over();
  return accepted;
};
