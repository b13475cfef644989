import { headAfter, NO_STREAM, seal, type StreamHead } from '../../domain/chain.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import type { Holder, NodeAnnounced } from '../../domain/partition/events.ts';
import { current } from '../../domain/registry.ts';
import { streamOf } from '../../domain/stream.ts';
import { WrongExpectedRevision } from '../../ports/event-log.ts';
import type { LeaseParts } from './own-lease.ts';

/** What nodes say of themselves stands in the partition of this name. */
export const NODES = 'nodes';
/** Announcements that are read at a time when nothing was heard yet. */
const LATEST = 64;

/** What all nodes say of themselves: that they are there. */
export interface Voices {
  /** Until when a process has said that it is there, ms since the Unix epoch. */
  untilOf(holder: Holder): number;
  /** Names of the nodes that are there at a time, as they say. */
  heard(now: number): readonly string[];
  /** Takes an announcement that the log has brought. */
  hear(event: RecordedEvent): void;
  /** Reads what was said since. Rejects as the log does. */
  listen(): Promise<void>;
  /** Says that this process is there until then. Answers false when another spoke at the same time. Rejects as the log does. */
  say(until: number): Promise<boolean>;
  /** Whether this process has said that it is there. */
  readonly hasSpoken: boolean;
}

/** Nothing was heard yet. */
export const createVoices = ({ log, world, self, envelopes }: LeaseParts): Voices => {
  const said = new Map<string, NodeAnnounced['facts']>();
  const stream = streamOf('partition', NODES);
  let head: StreamHead = NO_STREAM;

  const take = (facts: NodeAnnounced['facts'], at: StreamHead): void => {
    if (at.revision <= head.revision) return;
    head = at;
    said.set(facts.boot, facts);
    for (const [boot, { until }] of said) if (until <= world.clock.now()) said.delete(boot);
  };

  const hear = (recorded: RecordedEvent): void => {
    const { facts, revision, commit } = current(recorded);
    take(facts as NodeAnnounced['facts'], { revision, hash: commit.hash });
  };

  /** The latest announcements, back to one that counts no more. */
  const latest = async (revision: number): Promise<readonly RecordedEvent[]> => {
    for (let many = LATEST; ; many *= 2) {
      const from = Math.max(0, revision + 1 - many);
      const events = await log.read(stream, { from, limit: many });
      const until = events[0]?.facts['until'];
      if (from === 0 || until === undefined || Number(until) <= world.clock.now()) return events;
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
    untilOf: ({ boot }) => said.get(boot)?.until ?? 0,
    heard: (now) => [...said.values()].filter(({ until }) => until > now).map(({ node }) => node),
    say: async (until) => {
      const event: NodeAnnounced = { type: 'node.announced', facts: { ...self, until } };
      const metadata = envelopes.open(NODES, undefined, 'default', world.clock.now());
      const commit = seal(stream, head, [event], metadata);
      try {
        await log.append(commit);
        take(event.facts, headAfter(commit));
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
