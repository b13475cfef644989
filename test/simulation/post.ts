import { partitionOf } from '../../src/domain/partition/partition-of.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { NotDelivered, type Message, type Notifier } from '../../src/ports/notifier.ts';
import type { Caller } from './outside.ts';
import type { Random } from './random.ts';
import type { SimulatedLog } from './simulated-log.ts';

/** A message that was handed over. */
export interface Posted {
  readonly id: string;
  readonly attempt: number;
  readonly node: string;
  readonly at: number;
  /** Its recipient has it, whatever its sender was told. */
  arrived: boolean;
}

/** Everybody who can be told of something, and a ledger of what they were. */
export interface Post {
  readonly posted: readonly Posted[];
  servedBy(caller: Caller): Notifier;
}

/** What the post is made of. */
export interface PostOptions {
  readonly random: Random;
  readonly log: SimulatedLog;
  /** Share of messages that are not taken at first. */
  readonly trouble: number;
  readonly broken: (invariant: string, facts: object) => void;
  readonly trace: (line: string) => void;
  /** Told of each message once it is in the ledger. */
  readonly called: (node: string) => void;
}

/** Attempts after which everything is taken: more of them take longer than a run. */
const MOST = 3;

const NEVER = new Promise<never>(() => undefined);

/** Makes the post. */
export const createPost = (options: PostOptions): Post => {
  const { random, log, trouble, broken, trace } = options;
  const posted: Posted[] = [];

  const note = ({ id, attempt }: Message, { name: node, clock, lease: leaseOf }: Caller): Posted => {
    const one = { id, attempt, node, at: clock.now(), arrived: false };
    trace(`${node} sends ${id} ${attempt}`);
    const [requested] = log.stream(streamOf('notification', id));
    if (requested === undefined) broken('a notification is durable before it is sent', one);
    const lease = leaseOf();
    const last = lease && log.stream(streamOf('partition', String(partitionOf(id, lease.count)))).at(-1);
    if (lease !== undefined && (last?.type === 'partition.released' || last?.facts['boot'] !== lease.boot))
      broken('only who has the lease sends', { ...one, boot: lease.boot, last: last?.facts });
    posted.push(one);
    return one;
  };

  const send = async (caller: Caller, message: Message, signal: AbortSignal): Promise<void> => {
    if (caller.isLost) return NEVER;
    const one = note(message, caller);
    const fate =
      message.attempt <= MOST && random.chance(trouble)
        ? random.pick(['refused', 'lost', 'hangs', 'endures', 'final'] as const)
        : 'taken';
    one.arrived = fate === 'taken' || fate === 'lost';
    options.called(caller.name);
    if (random.chance(0.5))
      await new Promise<void>((resolve) => caller.clock.after(random.pick([1, 100, 6_000]), resolve));
    switch (fate) {
      case 'taken':
        return;
      case 'endures':
        return NEVER;
      case 'hangs': {
        const { promise, reject } = Promise.withResolvers<never>();
        if (signal.aborted) throw signal.reason;
        signal.addEventListener('abort', () => reject(signal.reason));
        return promise;
      }
      default:
        throw new NotDelivered(fate, `It is ${fate}.`, { isFinal: fate === 'final' });
    }
  };

  return {
    posted,
    servedBy: (caller) => ({
      directory: undefined,
      send: (message, signal) => send(caller, message, signal),
    }),
  };
};
