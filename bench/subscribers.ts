import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '../src/domain/event.ts';
import { entityOf } from '../src/domain/stream.ts';
import type { EventLog } from '../src/ports/event-log.ts';
import { openBareFanOut } from './bare-fan-out.ts';
import { percentiles, round, type Latency } from './figures.ts';
import type { Scenario } from './scenario.ts';
import { startPeers, type Peers } from './subscriber-peers.ts';
import { openSubscriberServer, type Held, type Memory, type SubscriberServer } from './subscriber-server.ts';

const CYCLES = 10_000;
const QUIET = 2_000;
const SUBSCRIBERS = 1_000;
/** Executions that end each second while subscribers are told of it, for so many of each round. */
const PER_SECOND = 10;
const EXECUTIONS = 100;
const ROUNDS = 2;

const ENDED = 'execution.completed';
const FOLLOW = `subscription { events(filter: { workflow: "followed", types: ["${ENDED}"] }) { cursor type stream at facts } }`;

/** What those subscribe to who come and go. */
const ALL = [
  'subscription { events { cursor type } }',
  'subscription { logs(filter: { workflow: "followed" }) { cursor } }',
  'subscription { executionsChanged { cursor execution { id } } }',
  'subscription { monitoringChanged { position } }',
  'subscription { events(after: "0") { cursor type payload } }',
];

/** Of what never happens. */
const QUIETLY = [
  'subscription ($own: String!) { events(filter: { workflow: $own }) { cursor type } }',
  'subscription ($own: String!) { logs(filter: { workflow: $own }) { cursor } }',
  'subscription ($own: String!) { executionsChanged(filter: { workflow: $own }) { cursor } }',
];

/** When the end of each execution was durable, ms since the Unix epoch. */
const endings = () => {
  const at = new Map<string, number>();
  const decorate = (log: EventLog): EventLog => ({
    ...log,
    append: async (commit) => {
      const appended = await log.append(commit);
      if (commit.events.some(({ type }) => type === ENDED))
        at.set(entityOf(commit.stream), performance.timeOrigin + performance.now());
      return appended;
    },
  });
  return { at, decorate };
};

/** Waits until something is so many, for a minute. */
const until = async (what: string, wanted: number, count: () => Promise<number>): Promise<void> => {
  for (let look = 0; look < 3_000; look += 1) {
    if ((await count()) === wanted) return;
    await pause(20);
  }
  throw new Error(`Expected ${wanted} ${what}, but there are ${await count()}.`);
};

/** Ends executions at a pace. */
const load = async (server: SubscriberServer, count: number): Promise<void> => {
  const running: Promise<void>[] = [];
  for (let n = 0; n < count; n += 1) {
    running.push(server.runOne());
    await pause(1_000 / PER_SECOND);
  }
  await Promise.all(running);
};

/** Milliseconds from when each end was durable until each subscriber had it. */
const delays = async (
  server: SubscriberServer,
  peers: Peers,
  ended: ReadonlyMap<string, number>,
): Promise<{ readonly all: readonly number[]; readonly sample: string }> => {
  await load(server, EXECUTIONS);
  await until('messages', SUBSCRIBERS * EXECUTIONS, peers.count);
  const { ids, times, sample } = await peers.take();
  return { all: ids.map((id, n) => Math.max(0, (times[n] ?? 0) - (ended.get(id) ?? Number.NaN))), sample };
};

/** The same message for whatever event of the kind. */
const likeSample =
  (sample: string) =>
  ({ type, stream, position, facts, commit }: RecordedEvent): string | undefined => {
    if (type !== ENDED) return undefined;
    const events = { cursor: String(position), type, stream, at: new Date(commit.metadata.at), facts };
    const text = JSON.stringify({ id: '1', type: 'next', payload: { data: { events } } });
    if (Math.abs(text.length - sample.length) > 8)
      throw new Error(`Expected a message like ${sample}, but it is ${text}`);
    return text;
  };

const soak = async (server: SubscriberServer, peers: Peers) => {
  const members = async (): Promise<number> => (await server.held()).members;
  const look = async (): Promise<Held & Memory> => ({ ...(await server.held()), ...(await server.memory()) });
  // What is made once, whoever comes.
  await peers.cycle(server.url, CYCLES / 2, ALL);
  await until('members', 0, members);
  const before = await look();
  const from = performance.now();
  await peers.cycle(server.url, CYCLES, ALL);
  const perSecond = round((CYCLES * 1_000) / (performance.now() - from));
  await until('connections', 0, async () => (await server.held()).connections);
  await until('members', 0, members);
  const cycled = await look();
  await peers.open(server.url, QUIET, QUIETLY);
  await until('members', QUIET, members);
  const quiet = await look();
  await peers.close();
  await until('connections', 0, async () => (await server.held()).connections);
  await until('members', 0, members);
  return { cycles: CYCLES, perSecond, subscribers: QUIET, before, cycled, quiet, after: await look() };
};

const spread = ({ p50, p95, p99 }: Latency): string =>
  `p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;

const seen = (what: string, { heapUsed, rss, connections, members, listeners, resources }: Held & Memory) =>
  `${what}: ${connections} connections, ${members} members, ${listeners} listeners, ${resources} resources; heap ${mebibytes(heapUsed)} MiB, resident ${mebibytes(rss)} MiB`;

const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1);

/**
 * What subscribers cost over real sockets: what many that come and go, and many to whom nothing is said, leave behind; and
 * how long after it was durable an event is with each of many, beside a bare server of sockets that says the same.
 */
export const runSubscribers: Scenario = async ({ folder }) => {
  const { at, decorate } = endings();
  const server = await openSubscriberServer(folder, decorate);
  const peers = startPeers();
  try {
    const soaked = await soak(server, peers);
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let n = 0; n < ROUNDS; n += 1) {
      await peers.open(server.url, SUBSCRIBERS, [FOLLOW]);
      await until('members', SUBSCRIBERS, async () => (await server.held()).members);
      const { all, sample } = await delays(server, peers, at);
      ours.push(...all);
      await peers.close();
      const fanOut = await openBareFanOut(server.core.log, likeSample(sample));
      await peers.open(fanOut.url, SUBSCRIBERS, []);
      bare.push(...(await delays(server, peers, at)).all);
      await peers.close();
      await fanOut.close();
    }
    const [told, floor] = [percentiles(ours), percentiles(bare)];
    const ratio = { p50: round(told.p50 / floor.p50), p99: round(told.p99 / floor.p99) };
    const perSecond = PER_SECOND * SUBSCRIBERS;
    return {
      lines: [
        `${CYCLES} connections that subscribed and went (${soaked.perSecond.toFixed(0)}/s), then ${QUIET} quiet subscribers`,
        seen('before', soaked.before),
        seen('after those that went', soaked.cycled),
        seen('with the quiet ones', soaked.quiet),
        seen('after all', soaked.after),
        `${PER_SECOND} executions/s end, each end told to ${SUBSCRIBERS} subscribers: ${perSecond} messages/s: ${spread(told)}`,
        `a bare server of sockets: ${spread(floor)}; p50 ${ratio.p50} and p99 ${ratio.p99} times as long`,
      ],
      figures: {
        soak: soaked,
        subscribers: SUBSCRIBERS,
        load: { executionsPerSecond: PER_SECOND, messagesPerSecond: perSecond, messages: ours.length },
        told,
        floor,
        ratio,
      },
    };
  } finally {
    peers.stop();
    await server.close();
  }
};
