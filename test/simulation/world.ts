import type { EventEmitted } from '../../src/domain/emission.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Core, CoreConfig } from '../../src/create-core.ts';
import type { Decorations } from '../../src/decorations.ts';
import type { Ownership, OwnershipOptions } from '../../src/engine/ownership/types.ts';
import { categoryOf } from '../../src/domain/stream.ts';
import { simulatedArchives, type SimulatedArchives } from './archives.ts';
import { isKeeping } from './histories.ts';
import { createMoments, type Moments } from './moments.ts';
import { createOutside, type Outside } from './outside.ts';
import { createPost, type Post } from './post.ts';
import { createRandom, type Random } from './random.ts';
import { simulatedLog, type SimulatedLog } from './simulated-log.ts';
import { simulatedReadModels, type SimulatedReadModels } from './simulated-read-models.ts';
import { createTrace, type Trace } from './trace.ts';
import { watchClaims, type Believer } from './watch-claims.ts';
import { watchKeeping } from './watch-keeping.ts';
import { virtualClock, type VirtualClock } from './virtual-clock.ts';
import { calm, drawWeather, type Weather } from './weather.ts';

/** A bug that is planted, to see that it is found: what is put around the parts of each node, and around the services. */
export interface Planted extends Decorations {
  readonly core?: (core: Core<CoreConfig>) => Core<CoreConfig>;
  readonly store?: (store: SimulatedReadModels) => SimulatedReadModels;
  readonly service?: (log: SimulatedLog) => SimulatedLog;
  readonly joining?: (options: OwnershipOptions) => OwnershipOptions;
  readonly ownership?: (ownership: Ownership) => Ownership;
}

/** How the nodes of a run are set up. */
export interface Settings {
  readonly maxPayload: number;
  readonly idle: number;
  readonly batch: number;
  readonly dense: boolean;
  /** The most bytes of the payloads of a commit. */
  readonly maxCommit: number;
  /** How nodes share the log; `undefined` when there is one node at a time. */
  readonly sharing: Sharing | undefined;
  /** Executions that have ended are removed, brought back, and given up. */
  readonly retains: boolean;
}

/** How the nodes of a run share its log. */
export interface Sharing {
  readonly partitions: number;
  /** Milliseconds that a lease lasts. */
  readonly lease: number;
  /** The most nodes at a time. */
  readonly most: number;
  /** The most ms that a clock is ahead or behind. */
  readonly ahead: number;
}

/** An invariant that does not hold. */
export interface Broken {
  readonly invariant: string;
  readonly facts: object;
}

/** Everything that a run is made of. */
export interface World {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly log: SimulatedLog;
  readonly store: SimulatedReadModels;
  readonly archives: SimulatedArchives;
  readonly outside: Outside;
  readonly post: Post;
  readonly weather: Weather;
  readonly moments: Moments;
  /** Processes that share the log, as long as they are alive. */
  readonly believers: Set<Believer>;
  readonly settings: Settings;
  readonly planted: Planted;
  /** What was found so far. */
  readonly found: readonly Broken[];
  broken(invariant: string, facts: object): void;
  readonly record: Trace;
  trace(line: string): void;
  /** Says who waits for what, until it is settled. */
  waits<T>(who: string, work: Promise<T>): Promise<T>;
  readonly waiting: readonly string[];
  /** Time of the clients. */
  readonly clients: Clock;
}

/** What a run is made with, besides its seed. */
export interface WorldOptions {
  readonly planted?: Planted;
  /** Nothing goes wrong between the nodes and the services. */
  readonly calm?: boolean;
  /** Several nodes run at once, or one at a time; drawn unless given. */
  readonly shared?: boolean;
  /** Executions that have ended are removed and given up, or not; drawn unless given. */
  readonly retains?: boolean;
  /** How many of the last lines of the trace are kept (default 60). */
  readonly kept?: number;
}

const MINUTE = 60_000;
const COMMITS = [Infinity, Infinity, 6_000, 2_500];

const drawSharing = (random: Random): Sharing => ({
  partitions: random.pick([1, 4, 8]),
  lease: random.pick([6_000, 15_000]),
  most: random.pick([2, 3]),
  ahead: random.pick([0, 50, 2 * MINUTE]),
});

/** Times that definitions wait for lie close, where time costs a lot. */
const START = { alone: Date.UTC(2026, 0, 31, 23, 40), shared: Date.UTC(2026, 0, 31, 23, 59, 30) };

const startsSomething = ({ facts }: RecordedEvent): boolean => {
  const { starts = [] } = facts as EventEmitted['facts'];
  return starts.length > 0;
};

/** Whether a stream says of many executions that they are removed or given up. */
const isOfMany = (stream: string): boolean => ['retention', 'truncation'].includes(categoryOf(stream));

/** Makes the world of a seed. */
export const createWorld = (seed: number, options: WorldOptions = {}): World => {
  const { planted = {} } = options;
  const random = createRandom(`seed ${seed}`);
  const many = random.fork('sharing');
  const isShared = many.chance(1 / 3);
  const sharing = (options.shared ?? isShared) ? drawSharing(many) : undefined;
  const clock = virtualClock(sharing === undefined ? START.alone : START.shared);
  const record = createTrace(clock.now, options.kept ?? 60);
  const draw = random.fork('settings');
  const found: Broken[] = [];
  const dense = draw.chance(0.5);
  const gaps = random.fork('gaps');
  const maxCommit = random.fork('commits').pick(COMMITS);
  const keeping = random.fork('keeping');
  const isRetained = keeping.chance(1 / 3);
  const sweeping = keeping.pick([0, 0.3, 1]);
  const plain = simulatedLog({
    step: () => (dense ? 1 : gaps.int(1, 4)),
    // What is written of many executions at once is far below what any store takes.
    largest: (stream) => (isOfMany(stream) ? Infinity : maxCommit),
    sweeps: () => keeping.chance(sweeping),
  });
  const log = planted.service?.(plain) ?? plain;
  const store = planted.store?.(simulatedReadModels()) ?? simulatedReadModels();
  const settings: Settings = {
    dense,
    maxCommit,
    sharing,
    retains: options.retains ?? isRetained,
    maxPayload: draw.pick([2_000, 524_288]),
    idle: draw.pick([0, 2, 20_000]),
    // Nodes write to the log for as long as they are there, and whoever folds it has to keep up.
    batch: draw.pick(sharing === undefined ? [1, 3, 64, 4_096] : [64, 64, 512, 4_096]),
  };
  const moments = createMoments();
  const broken: World['broken'] = (invariant, facts) => {
    record.add(`broken: ${invariant}`);
    found.push({ invariant, facts });
  };
  log.onCommit((events) => {
    const [first] = events;
    const types = events.map(({ type }) => type).join(' ');
    record.add(
      `${first?.stream}@${first?.revision} by ${first?.commit.metadata.node}: ${types} ${first?.commit.hash}`,
    );
    const isLease = first !== undefined && categoryOf(first.stream) === 'partition';
    moments.pass(isLease ? 'lease' : 'commit', first?.commit.metadata.node);
    if (first?.type === 'event.emitted' && startsSomething(first))
      moments.pass('emission', first.commit.metadata.node);
    if (first !== undefined && (isOfMany(first.stream) || isKeeping(first)))
      moments.pass('removal', first.commit.metadata.node);
    if (events.some(({ type }) => type === 'trigger.released'))
      moments.pass('emission', first?.commit.metadata.node);
    if (events.some(({ facts }) => facts['notifies'] !== undefined))
      moments.pass('notice', first?.commit.metadata.node);
  });
  log.onTruncation((given) => {
    record.add(`${given[0]?.stream} is given up before @${Number(given.at(-1)?.revision) + 1}`);
    moments.pass('removal');
  });
  watchKeeping(log, broken);
  const waiting = new Map<object, string>();
  const called = (node: string): void => moments.pass('call', node);
  const trouble = draw.pick([0, 0.2, 0.5]);
  return {
    random,
    clock,
    log,
    store,
    archives: simulatedArchives(),
    moments,
    believers: watchClaims(log, broken),
    settings,
    planted,
    weather: options.calm === true ? calm() : drawWeather(draw),
    found,
    broken,
    record,
    trace: record.add,
    outside: createOutside({
      random: random.fork('outside'),
      log,
      trouble,
      large: settings.maxPayload,
      broken,
      trace: record.add,
      called,
    }),
    post: createPost({ random: random.fork('post'), log, trouble, broken, trace: record.add, called }),
    waits: (who, work) => {
      const mine = {};
      waiting.set(mine, who);
      const over = () => void waiting.delete(mine);
      work.then(over, over);
      return work;
    },
    get waiting() {
      return [...waiting.values()];
    },
    clients: clock.owned('clients'),
  };
};
