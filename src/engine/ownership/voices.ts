import { headAfter, NO_STREAM, seal, type StreamHead } from '../../domain/chain.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import type { Holder, NodeAnnounced } from '../../domain/partition/events.ts';
import { current } from '../../domain/registry.ts';
import { streamOf } from '../../domain/stream.ts';
import { WrongExpectedRevision } from '../../ports/event-log.ts';
import { endOf, type LeaseParts, type Said } from './own-lease.ts';

/** What nodes say of themselves stands in the partition of this name. */
export const NODES = 'nodes';
/** Announcements that are read at a time when nothing was heard yet. */
const LATEST = 64;

/** What all nodes say of themselves: that they are there. */
export interface Voices {
  /** For how long a process has said that it is there. */
  saidBy(holder: Holder): Said;
  /** Names of the nodes that are there now, as they say. */
  heard(): readonly string[];
  /** Takes an announcement that the log has brought. */
  hear(event: RecordedEvent): void;
  /** Reads what was said since. Rejects as the log does. */
  listen(): Promise<void>;
  /** Says that this process is there until then. Answers false when another spoke at the same time. Rejects as the log does. */
  say(until: number): Promise<boolean>;
  /** Whether this process has said that it is there. */
  readonly hasSpoken: boolean;
}

const UNHEARD: Said = Object.freeze({ until: 0, over: -Infinity });

/** When a lease was over that an announcement was made of, and when it was made, by the clock of whoever made it. */
const timesOf = ({ facts, commit }: RecordedEvent) => ({
  boot: facts['boot'],
  until: Number(facts['until']),
  at: commit.metadata.at,
});

/** Whether everything before these announcements is over: the first one was, by its own clock, when its node spoke again. */
const isOverBefore = (events: readonly RecordedEvent[]): boolean => {
  const [first, ...later] = events.map(timesOf);
  return first === undefined || later.some(({ boot, at }) => boot === first.boot && at >= first.until);
};

/** Nothing was heard yet. */
export const createVoices = (parts: LeaseParts): Voices => {
  const { log, world, self, envelopes, elapsed } = parts;
  const said = new Map<string, NodeAnnounced['facts'] & Said>();
  const stream = streamOf('partition', NODES);
  let head: StreamHead = NO_STREAM;

  const take = (facts: NodeAnnounced['facts'], at: StreamHead, saidAt: number): void => {
    if (at.revision <= head.revision) return;
    head = at;
    said.set(facts.boot, { ...facts, over: endOf(parts, facts.until, saidAt) });
    for (const [boot, { over }] of said) if (over <= elapsed()) said.delete(boot);
  };

  const hear = (recorded: RecordedEvent): void => {
    const { facts, revision, commit } = current(recorded);
    take(facts as NodeAnnounced['facts'], { revision, hash: commit.hash }, commit.metadata.at);
  };

  /** The latest announcements, back to one that counts no more. */
  const latest = async (revision: number): Promise<readonly RecordedEvent[]> => {
    for (let many = LATEST; ; many *= 2) {
      const from = Math.max(0, revision + 1 - many);
      const events = await log.read(stream, { from, limit: many });
      if (from === 0 || isOverBefore(events)) return events;
    }
  };

  const listen = async (): Promise<void> => {
    const end = await log.head(stream);
    if (end === undefined || end.revision <= head.revision) return;
    const isFirst = head.revision === NO_STREAM.revision;
    const since = { from: head.revision + 1, limit: end.revision - head.revision };
    const events = isFirst ? await latest(end.revision) : await log.read(stream, since);
    for (const event of events) hear(event);
  };

  return {
    hear,
    listen,
    saidBy: ({ boot }) => said.get(boot) ?? UNHEARD,
    heard: () => [...said.values()].filter(({ over }) => over > elapsed()).map(({ node }) => node),
    say: async (until) => {
      const event: NodeAnnounced = { type: 'node.announced', facts: { ...self, until } };
      const now = world.clock.now();
      const metadata = envelopes.open(NODES, undefined, 'default', now);
      const commit = seal(stream, head, [event], metadata);
      try {
        await log.append(commit);
        take(event.facts, headAfter(commit), now);
        return true;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        await listen();
        return false;
      }
    },
    get hasSpoken() {
      return said.has(self.boot);
    },
  };
};
