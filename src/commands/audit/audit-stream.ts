import { auditStreamAt, auditStreamsBefore } from '../../domain/audit/day.ts';
import type { AuditDayBegan, AuditEntry, AuditEvent } from '../../domain/audit/events.ts';
import { headAfter, NO_STREAM, seal, type StreamHead } from '../../domain/chain.ts';
import { WrongExpectedRevision, type EventLog } from '../../ports/event-log.ts';
import { appendPatiently, whenAvailable } from '../append.ts';
import type { Envelopes, World } from '../envelope.ts';

/** What reads are stored with. */
export interface AuditStreamParts {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  /** Once aborted, an append that fails because the log is away is given up. */
  readonly over: AbortSignal;
}

/** The streams of all days; other nodes write to them, too. */
export interface AuditStream {
  /** Stores reads in the stream of this day, however long the log is away. Rejects with `LogUnavailable` once it is over. */
  append(reads: readonly AuditEntry[]): Promise<void>;
}

/** Opens the streams that reads are recorded in. */
export const openAuditStream = ({ log, world, envelopes, over }: AuditStreamParts): AuditStream => {
  const known = { stream: '', head: NO_STREAM };

  const headOf = (stream: string): Promise<StreamHead | undefined> =>
    whenAvailable(world.clock, over, () => log.head(stream));

  const dayBegan = async (now: number): Promise<AuditDayBegan> => {
    for (const previous of auditStreamsBefore(now)) {
      const head = await headOf(previous);
      if (head !== undefined) return { type: 'audit.day_began', facts: { previous, ...head } };
    }
    return { type: 'audit.day_began', facts: {} };
  };

  const learn = async (stream: string): Promise<void> => {
    known.head = (await headOf(stream)) ?? NO_STREAM;
    known.stream = stream;
  };

  return {
    append: async (reads) => {
      const now = world.clock.now();
      const stream = auditStreamAt(now);
      if (known.stream !== stream) await learn(stream);
      const metadata = envelopes.open('audit', undefined, 'default', now);
      for (;;) {
        const begun = known.head === NO_STREAM ? [await dayBegan(now)] : [];
        const events: readonly AuditEvent[] = [...begun, ...reads];
        const commit = seal(stream, known.head, events, metadata);
        try {
          await appendPatiently(log, world.clock, commit, over);
          known.head = headAfter(commit);
          return;
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error;
        }
        await learn(stream);
      }
    },
  };
};
