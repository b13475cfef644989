import type { Clock } from '../../src/ports/clock.ts';
import type { Core, CoreConfig } from '../../src/create-core.ts';
import type { Decorations } from '../../src/decorations.ts';
import { createMoments, type Moments } from './moments.ts';
import { createOutside, type Outside } from './outside.ts';
import { createRandom, type Random } from './random.ts';
import { simulatedLog, type SimulatedLog } from './simulated-log.ts';
import { simulatedReadModels, type SimulatedReadModels } from './simulated-read-models.ts';
import { createTrace, type Trace } from './trace.ts';
import { virtualClock, type VirtualClock } from './virtual-clock.ts';
import { calm, drawWeather, type Weather } from './weather.ts';

/** A bug that is planted, to see that it is found: what is put around the parts of each node, and around the services. */
export interface Planted extends Decorations {
  readonly core?: (core: Core<CoreConfig>) => Core<CoreConfig>;
  readonly store?: (store: SimulatedReadModels) => SimulatedReadModels;
  readonly service?: (log: SimulatedLog) => SimulatedLog;
}

/** How the nodes of a run are set up. */
export interface Settings {
  readonly maxPayload: number;
  readonly idle: number;
  readonly batch: number;
  readonly dense: boolean;
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
  readonly outside: Outside;
  readonly weather: Weather;
  readonly moments: Moments;
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
  /** How many of the last lines of the trace are kept (default 60). */
  readonly kept?: number;
}

/** Makes the world of a seed. */
export const createWorld = (seed: number, options: WorldOptions = {}): World => {
  const { planted = {} } = options;
  const random = createRandom(`seed ${seed}`);
  const clock = virtualClock();
  const record = createTrace(clock.now, options.kept ?? 60);
  const draw = random.fork('settings');
  const found: Broken[] = [];
  const dense = draw.chance(0.5);
  const gaps = random.fork('gaps');
  const plain = simulatedLog({ step: () => (dense ? 1 : gaps.int(1, 4)) });
  const log = planted.service?.(plain) ?? plain;
  const store = planted.store?.(simulatedReadModels()) ?? simulatedReadModels();
  const settings: Settings = {
    dense,
    maxPayload: draw.pick([2_000, 524_288]),
    idle: draw.pick([0, 2, 20_000]),
    batch: draw.pick([1, 3, 64, 4_096]),
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
    moments.pass('commit');
  });
  const waiting = new Map<object, string>();
  return {
    random,
    clock,
    log,
    store,
    moments,
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
      trouble: draw.pick([0, 0.2, 0.5]),
      large: settings.maxPayload,
      broken,
      trace: record.add,
      called: () => moments.pass('call'),
    }),
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
