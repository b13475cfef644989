import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { VerifyAuditHandler } from '../../src/queries/verify-audit.handler.ts';
import { VerifyAudit } from '../../src/queries/verify-audit.ts';
import { auditOn, callerOf, historyOf } from '../commands/audit/parts.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const FIRST = 'audit-20260131';
const SECOND = 'audit-20260201';
const AT = Date.UTC(2026, 0, 31, 9);
const DAY = 86_400_000;

/** Two days, the second of which has more commits than are read at a time, some across two pages. */
const twoDays = async (): Promise<EventLog> => {
  const log = await temporaryLog();
  const audit = auditOn(log);
  for (const target of ['e1', 'e2']) await audit.record(historyOf(target), callerOf('r1'));
  audit.clock.advance(DAY);
  for (let commit = 0; commit < 120; commit++) {
    for (let n = 0; n < 8; n++) audit.note(historyOf(`e${n}`), callerOf(`r${commit}`));
    await audit.record(historyOf('last'), callerOf(`r${commit}`));
  }
  return log;
};

/** The same log with a stream of it changed. */
const changed = (
  log: EventLog,
  stream: string,
  change: (events: readonly RecordedEvent[]) => readonly RecordedEvent[],
): EventLog => ({
  ...log,
  read: async (of, options = {}) => {
    if (of !== stream) return log.read(of, options);
    const { from = 0, limit = 1_000 } = options;
    return change(await log.read(of, { limit: 10_000 })).slice(from, from + limit);
  },
});

const verify = (log: EventLog, from = AT, to = AT + 5 * DAY) =>
  new VerifyAuditHandler(log).execute(new VerifyAudit(from, to));

describe('the record of who has read what', () => {
  it('is verified by day', async () => {
    const log = await twoDays();
    expect(await verify(log)).toEqual([
      { stream: FIRST, events: 3, head: await log.head(FIRST), problem: undefined },
      { stream: SECOND, events: 1_081, head: await log.head(SECOND), problem: undefined },
    ]);
    expect((await verify(log, AT + DAY)).map(({ stream }) => stream)).toEqual([SECOND]);
    expect(await verify(log, AT + 2 * DAY)).toEqual([]);
  });

  it('shows what was changed, taken out and cut off, and where', async () => {
    const log = await twoDays();
    const payload = '{"address":"192.0.2.1","reason":"another"}';
    const another = changed(log, SECOND, (events) =>
      events.map((event) => (event.revision === 1_040 ? { ...event, payload } : event)),
    );
    expect((await verify(another))[1]?.problem).toMatch(/^@1036: Expected the commit's hash/);
    const without = changed(log, SECOND, (events) => events.filter(({ revision }) => revision !== 7));
    expect((await verify(without))[1]?.problem).toMatch(/^@7: Expected the event at revision 7/);
    const half = changed(log, SECOND, (events) => events.slice(0, -1));
    expect((await verify(half))[1]?.problem).toMatch(/Expected a commit of 9 events, but only 8/);
  });

  it('shows by the day after that a day is missing, or that its end is', async () => {
    const log = await twoDays();
    for (const left of [0, 2]) {
      const cut = changed(log, FIRST, (events) => events.slice(0, left));
      const verdicts = await verify(cut);
      expect(verdicts.at(-1)?.problem).toMatch(/^@0: Expected audit-20260131 to have \w+ at 2/);
    }
    const begun = changed(log, SECOND, (events) => events.slice(1));
    expect((await verify(begun))[1]?.problem).toBe('@0: Expected the day to begin, but found audit.read.');
  });

  it('is not verified for more than 400 days at once', async () => {
    const log = await temporaryLog();
    await expect(verify(log, 0, 400 * DAY)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
