import { NonRetryable } from '../../src/activities/non-retryable.ts';
import { partitionOf } from '../../src/domain/partition/partition-of.ts';
import { isDeepStrictEqual } from 'node:util';
import { streamOf } from '../../src/domain/stream.ts';
import type { Activities, Activity, ActivityContext } from '../../src/ports/activities.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from './random.ts';
import { watchResources } from './resources.ts';
import { visitOf } from './visits.ts';
import type { SimulatedLog } from './simulated-log.ts';

/** A call of an activity. */
export interface Called {
  readonly id: string;
  readonly step: string;
  readonly attempt: number;
  readonly compensation: boolean;
  /** Tells the visits of a step apart. */
  readonly idempotencyKey: string;
  readonly activity: string;
  readonly node: string;
  readonly at: number;
  /** What it does in the world outside was done. */
  effect: boolean;
}

/** A node as the world outside sees it. */
export interface Caller {
  readonly name: string;
  /** Which process of the node it is, and how many partitions it counts; `undefined` when it has the log for itself. */
  readonly lease: () => { readonly boot: string; readonly count: number } | undefined;
  /** Its calls end with it. */
  readonly clock: Clock;
  readonly isLost: boolean;
  /** What was rolled out with it: activities of a later one are served by nobody before. */
  readonly rollout: number;
}

/** The world outside: what activities do, and a ledger of it. */
export interface Outside {
  readonly calls: readonly Called[];
  /** Activities that promise an output with an `n`. */
  readonly promising: ReadonlySet<string>;
  servedBy(caller: Caller): Activities;
  /** Takes note of an attempt that a worker makes. */
  given(called: Called): void;
}

/** What the world outside is made of. */
export interface OutsideOptions {
  readonly random: Random;
  readonly log: SimulatedLog;
  /** Share of calls that go wrong, of activities that do. */
  readonly trouble: number;
  /** Bytes of an output that is too large. */
  readonly large: number;
  readonly broken: (invariant: string, facts: object) => void;
  readonly trace: (line: string) => void;
  /** Told of each call once it is in the ledger. */
  readonly called: (node: string) => void;
}

type Deed = (random: Random, options: OutsideOptions) => 'hang' | 'endure' | (() => unknown);

const succeed = () => ({ n: 1 });
const refuse = (): never => {
  throw Object.assign(new Error('no'), { type: 'Refused' });
};
const decline = (): never => {
  throw new NonRetryable('never');
};

const flaky: Deed = (random, { trouble }) => (random.chance(trouble) ? refuse : succeed);
const slow: Deed = (random, { trouble }) =>
  random.chance(trouble) ? random.pick(['hang', 'endure']) : succeed;
const odd: Deed = (random, { trouble, large }) => {
  if (!random.chance(trouble)) return succeed;
  return random.pick([() => 1n, () => undefined, () => 'x'.repeat(large), () => Promise.reject(7), () => []]);
};

/** How activities behave. `from`: the first rollout that serves it. */
const KINDS: Readonly<Record<string, { does: Deed; idempotent: boolean; from: number }>> = {
  charge: { does: flaky, idempotent: false, from: 0 },
  ship: { does: flaky, idempotent: true, from: 0 },
  mail: { does: () => succeed, idempotent: false, from: 0 },
  crawl: { does: slow, idempotent: true, from: 0 },
  odd: { does: odd, idempotent: false, from: 0 },
  give_up: { does: () => decline, idempotent: false, from: 0 },
  decline: {
    does: (random, { trouble }) => (random.chance(trouble) ? decline : succeed),
    idempotent: false,
    from: 0,
  },
  later: { does: flaky, idempotent: false, from: 1 },
  last_resort: { does: flaky, idempotent: false, from: 0 },
  undo: { does: flaky, idempotent: false, from: 0 },
  undo_safely: { does: () => succeed, idempotent: true, from: 0 },
  undo_last: { does: flaky, idempotent: false, from: 1 },
};

/** What activities may ask of their input and promise of their output; which do is drawn. */
const TAKES = { type: 'object', required: ['level'], properties: { level: { type: 'number', maximum: 3 } } };
const GIVES = { type: 'object', required: ['n'] };

const isTaken = (input: Json): boolean => {
  const level = typeof input === 'object' && input !== null && 'level' in input ? input.level : undefined;
  return typeof level === 'number' && level <= 3;
};

/** Whether an activity says that calling it twice does no harm. */
export const isIdempotent = (activity: string): boolean => KINDS[activity]?.idempotent === true;

const isDurable = (log: SimulatedLog, { id, step, attempt, compensation, activity }: Called): boolean =>
  log
    .stream(streamOf('execution', id))
    .some(
      ({ type, facts }) =>
        type === (compensation ? 'step.compensating' : 'step.started') &&
        facts['step'] === step &&
        facts['attempt'] === attempt &&
        facts['activity'] === activity,
    );

const NEVER = new Promise<never>(() => undefined);

/** Makes the world outside. */
export const createOutside = (options: OutsideOptions): Outside => {
  const { random, log, broken, trace } = options;
  const calls: Called[] = [];
  const known = new Set<string>();
  const resources = watchResources((id) => log.stream(streamOf('execution', id)), broken);
  const draw = random.fork('schemas');
  const drawn = (share: number): ReadonlySet<string> =>
    new Set(Object.keys(KINDS).filter(() => draw.chance(share)));
  const [asking, promising] = [drawn(0.1), drawn(0.3)];

  /** Nobody calls for a partition that is another's, as the log says at this moment. */
  const checkLease = (called: Called, { boot, count }: NonNullable<ReturnType<Caller['lease']>>): void => {
    const last = log.stream(streamOf('partition', String(partitionOf(called.id, count)))).at(-1);
    if (last?.type === 'partition.released' || last?.facts['boot'] !== boot)
      broken('only who has the lease calls', { ...called, boot, last: last?.facts });
  };

  /** An attempt is told what an earlier one of its activity said last, as the log says, and nothing else. */
  const checkProgress = (called: Called, progress: Json | undefined): void => {
    const { id, step, activity, compensation } = called;
    const said = visitOf(log.stream(streamOf('execution', id)), step).findLast(
      ({ type, facts }) => type === 'step.heartbeat' && facts['activity'] === activity,
    );
    const expected =
      said === undefined || compensation ? undefined : JSON.parse(said.payload ?? '{}').progress;
    if (!isDeepStrictEqual(progress, expected))
      broken('an attempt is told how far the one before it was', { ...called, progress, expected });
  };

  const enter = (called: Called, key: string): void => {
    if (!isDurable(log, called)) broken('an attempt is durable before it is made', called);
    if (known.has(key)) broken('an attempt is made once', called);
    known.add(key);
    calls.push(called);
  };

  const note = (
    activity: string,
    { name: node, clock, lease: leaseOf }: Caller,
    ctx: ActivityContext,
  ): Called => {
    const [at, lease] = [clock.now(), leaseOf()];
    const { executionId: id, step, attempt, idempotencyKey } = ctx;
    const compensation = idempotencyKey.endsWith(':compensation');
    const key = `${idempotencyKey} ${attempt}`;
    const called = { id, step, attempt, compensation, activity, idempotencyKey, node, at, effect: false };
    trace(`${node} calls ${activity} for ${key}`);
    enter(called, key);
    if (lease !== undefined) checkLease(called, lease);
    return called;
  };

  const run = async (caller: Caller, name: string, does: Deed, ctx: ActivityContext): Promise<unknown> => {
    if (caller.isLost) return NEVER;
    const { clock } = caller;
    const called = note(name, caller, ctx);
    const pass = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
    const deed = does(random, options);
    // Half of what goes wrong has had its effect before.
    called.effect = random.chance(0.5);
    options.called(caller.name);
    checkProgress(called, ctx.progress);
    if (random.chance(0.4)) ctx.heartbeat({ of: name, beat: called.at });
    if (random.chance(0.5)) await pass(random.pick([1, 100, 1_000, 6_000]));
    if (random.chance(0.2)) ctx.heartbeat(random.chance(0.5) ? { of: name, beat: clock.now() } : undefined);
    if (deed === 'endure') return NEVER;
    if (deed === 'hang') {
      const { promise, reject } = Promise.withResolvers<never>();
      ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason));
      return promise;
    }
    if (deed === succeed) called.effect = true;
    return deed();
  };

  return {
    calls,
    promising,
    given: (called) => enter(called, `${called.idempotencyKey} ${called.attempt}`),
    servedBy: (caller) => {
      const served = new Map<string, Activity>();
      const begin = (name: string, does: Deed, ctx: ActivityContext, input: Json): Promise<unknown> => {
        if (asking.has(name) && !isTaken(input))
          broken('no activity is called with what it does not take', { name, input, id: ctx.executionId });
        const call = run(caller, name, does, ctx);
        resources.begun(caller, ctx, call);
        return call;
      };
      for (const [name, { does, idempotent, from }] of Object.entries(KINDS)) {
        if (from > caller.rollout) continue;
        served.set(name, {
          name,
          idempotent,
          ...(asking.has(name) ? { input: TAKES } : {}),
          ...(promising.has(name) ? { output: GIVES } : {}),
          run: (ctx, input) => begin(name, does, ctx, input),
        });
      }
      return { find: (name) => served.get(name), names: () => [...served.keys()] };
    },
  };
};
