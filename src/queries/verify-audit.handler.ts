import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { auditStreams } from '../domain/audit/day.ts';
import type { AuditDayBegan } from '../domain/audit/events.ts';
import type { AuditDayVerdict } from '../domain/audit/verdict.ts';
import { NO_STREAM, type StreamHead } from '../domain/chain.ts';
import type { RecordedEvent } from '../domain/event.ts';
import { Rejection } from '../domain/rejection.ts';
import { verifyChain } from '../domain/verify-chain.ts';
import type { EventLog } from '../ports/event-log.ts';
import { readStream } from '../ports/read-stream.ts';
import { EVENT_LOG } from '../ports/tokens.ts';
import { VerifyAudit } from './verify-audit.ts';

const MOST_DAYS = 400;

/** How many events at the front are of commits that are there as a whole. */
const wholeOf = (events: readonly RecordedEvent[]): number => {
  const last = events.at(-1);
  if (last === undefined) return 0;
  const { revision, size } = last.commit;
  const isWhole = last.revision === revision + size - 1;
  return isWhole ? events.length : events.findLastIndex(({ commit }) => commit.revision !== revision) + 1;
};

/** Answers whether the hash chain of each day holds, and whether each day goes on from the end of the one before. */
@QueryHandler(VerifyAudit)
export class VerifyAuditHandler implements IQueryHandler<VerifyAudit> {
  readonly #log: EventLog;

  constructor(@Inject(EVENT_LOG) log: EventLog) {
    this.#log = log;
  }

  async execute({ from, to }: VerifyAudit): Promise<readonly AuditDayVerdict[]> {
    const streams = auditStreams(from, to);
    if (streams.length > MOST_DAYS)
      throw new Rejection('BAD_USER_INPUT', `Expected at most ${MOST_DAYS} days, but found more.`, {
        field: 'from',
        found: streams.length,
        expected: MOST_DAYS,
      });
    const verdicts: AuditDayVerdict[] = [];
    for (const stream of streams) {
      const verdict = await this.#verify(stream);
      if (verdict !== undefined) verdicts.push(verdict);
    }
    return verdicts;
  }

  async #verify(stream: string): Promise<AuditDayVerdict | undefined> {
    let head: StreamHead = NO_STREAM;
    let events = 0;
    let rest: readonly RecordedEvent[] = [];
    for await (const page of readStream(this.#log, stream)) {
      const [first] = page;
      if (events === 0 && first !== undefined) {
        const problem = await this.#missing(first);
        if (problem !== undefined) return { stream, events, head: undefined, problem };
      }
      events += page.length;
      const read = [...rest, ...page];
      // Behind the last page there is nothing that the rest could be completed by.
      const whole = page.length === 0 ? read.length : wholeOf(read);
      const verdict = verifyChain(stream, read.slice(0, whole), head);
      if (!verdict.ok)
        return { stream, events, head: undefined, problem: `@${verdict.revision}: ${verdict.problem}` };
      ({ head } = verdict);
      rest = read.slice(whole);
    }
    return events === 0 ? undefined : { stream, events, head, problem: undefined };
  }

  /** What of the day before is not there any more that was when this one began. */
  async #missing({ type, facts }: RecordedEvent): Promise<string | undefined> {
    if (type !== 'audit.day_began') return `@0: Expected the day to begin, but found ${type}.`;
    const { previous, revision = 0, hash = '' } = facts as AuditDayBegan['facts'];
    if (previous === undefined) return undefined;
    const [found] = await this.#log.read(previous, { from: revision, limit: 1 });
    return found?.commit.hash === hash
      ? undefined
      : `@0: Expected ${previous} to have ${hash} at ${revision}, but it has not.`;
  }
}
