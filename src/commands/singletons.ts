import { NO_STREAM, seal } from '../domain/chain.ts';
import type { RecordedEvent } from '../domain/event.ts';
import { streamOf } from '../domain/stream.ts';
import type { TriggerEvent } from '../domain/trigger/events.ts';
import { WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import { appendWhole, whenAvailable } from './append.ts';
import type { Caller } from './caller.ts';
import { hasEnded } from './ended.ts';
import type { Envelopes, World } from './envelope.ts';
import { readBehind } from './read-behind.ts';

/** What `createSingletons` needs. */
export interface SingletonsOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  readonly over: AbortSignal;
}

/** An event that is to start an execution unless the one of its key runs. */
export interface Claim {
  readonly workflow: string;
  readonly definition: string;
  /** Hash of the key; empty where there is none. */
  readonly key: string;
  /** Id of the accepted event, and where that is in the log. */
  readonly event: string;
  readonly at: bigint;
  /** Id of the execution that it is to start. */
  readonly execution: string;
  readonly caller: Caller;
}

/** Whether an execution is to be started; if not, which one runs. */
export type Claimed =
  { readonly fires: true } | { readonly fires: false; readonly running: string; readonly position: bigint };

/** Decides which events start an execution of those that are one at a time, by what a stream of each key says. */
export interface Singletons {
  /** Decides about an event, once, whoever asks and how often. Rejects with `LogUnavailable` once it is over. */
  claim(claim: Claim): Promise<Claimed>;
}

/** Decides on a log. */
export const createSingletons = ({ log, world, envelopes, over }: SingletonsOptions): Singletons => {
  const look = async (stream: string, { event, at, execution }: Claim) => {
    const isThere = (await log.head(streamOf('execution', execution))) !== undefined;
    const events = isThere ? [] : await readBehind(log, stream, at);
    const last = events.at(-1);
    const running = last === undefined ? undefined : runningAfter(last);
    const isRunning = running !== undefined && !(await hasEnded(log, running));
    return {
      isThere,
      decided: events.find(({ facts }) => facts['event'] === event),
      last,
      running: isRunning ? running : undefined,
    };
  };

  const append = async (
    stream: string,
    { workflow, key, event, definition, execution, caller }: Claim,
    { last, running }: Awaited<ReturnType<typeof look>>,
  ): Promise<Claimed> => {
    const facts = { workflow, key, event };
    const happened: TriggerEvent =
      running === undefined
        ? { type: 'trigger.fired', facts: { ...facts, definition, execution } }
        : { type: 'trigger.skipped', facts: { ...facts, execution, running } };
    const head = last === undefined ? NO_STREAM : { revision: last.revision, hash: last.commit.hash };
    const metadata = envelopes.open(event, caller, caller.tenant, world.clock.now(), definition);
    const { position } = await appendWhole(log, world.clock, seal(stream, head, [happened], metadata), over);
    return running === undefined ? { fires: true } : { fires: false, running, position };
  };

  return {
    claim: async (claim) => {
      const { workflow, key } = claim;
      const stream = streamOf('trigger', key === '' ? workflow : `${workflow}#${key}`);
      for (;;) {
        const seen = await whenAvailable(world.clock, over, () => look(stream, claim));
        if (seen.isThere) return { fires: true };
        if (seen.decided !== undefined) return said(seen.decided);
        // It is the one that another event of its idempotency key starts: that was decided, and is not there yet.
        if (seen.running === claim.execution) return { fires: true };
        try {
          return await append(stream, claim, seen);
        } catch (error) {
          // Another event of the key was decided about meanwhile.
          if (!(error instanceof WrongExpectedRevision)) throw error;
        }
      }
    },
  };
};

const runningAfter = ({ type, facts }: RecordedEvent): string =>
  facts[type === 'trigger.fired' ? 'execution' : 'running'] as string;

const said = ({ type, facts, position }: RecordedEvent): Claimed =>
  type === 'trigger.fired'
    ? { fires: true }
    : { fires: false, running: facts['running'] as string, position };
