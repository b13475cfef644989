import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../src/commands/audit/refusals.ts';
import { createRefusals } from '../../../src/commands/audit/refusals.ts';
import type { Caller } from '../../../src/commands/caller.ts';
import type { AuditRefused } from '../../../src/domain/audit/events.ts';
import { keepingLogger } from '../../graphql/keeping-logger.ts';
import { handClock } from '../../spec/clock.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { auditOn, callerOf } from './parts.ts';

const MINUTE = 60_000;

const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  wanted: 'command',
  operation: 'cancelExecution',
  target: 'e1',
  code: 'FORBIDDEN',
  ...more,
});

/** What takes note of refusals, and what it has told of: operation, how often, and of whom. */
const refusing = (options: { readonly most?: number; readonly isFull?: boolean } = {}) => {
  const clock = handClock();
  const logger = keepingLogger();
  const told: AuditRefused[] = [];
  const tell = (event: AuditRefused): boolean => {
    if (options.isFull !== true) told.push(event);
    return options.isFull !== true;
  };
  const refusals = createRefusals({ audit: { tell }, clock, logger, ...options });
  return {
    ...refusals,
    clock,
    logger,
    events: told,
    told: () => told.map(({ facts }) => `${facts.actor} ${facts.operation} ${facts.code} ${facts.times}`),
  };
};

const ANN = callerOf('r1');
const BOB: Caller = { ...ANN, actor: { ...ANN.actor, id: 'bob' } };

describe('what somebody is refused', () => {
  it('is told with who, from where and what it was, with the first of its kind at once', () => {
    const { note, events, clock } = refusing();
    note(attempt({ workflow: 'orders' }), ANN);
    expect(events).toEqual([
      {
        type: 'audit.refused',
        facts: {
          wanted: 'command',
          code: 'FORBIDDEN',
          operation: 'cancelExecution',
          target: 'e1',
          workflow: 'orders',
          actor: 'ann@example.org',
          kind: 'user',
          via: 'jwt',
          tenant: 'acme',
          request: 'r1',
          at: clock.now(),
          times: 1,
        },
        payload: { address: '203.0.113.9', reason: 'a ticket' },
      },
    ]);
  });

  it('is one event a minute for all that a caller tries alike, however often', () => {
    const { note, told, clock } = refusing();
    for (let n = 0; n < 1_000; n += 1) note(attempt({ target: `e${n}` }), callerOf(`r${n}`));
    expect(told()).toEqual(['ann@example.org cancelExecution FORBIDDEN 1']);
    clock.advance(MINUTE);
    expect(told().slice(1)).toEqual(['ann@example.org cancelExecution FORBIDDEN 999']);
    for (let n = 0; n < 10; n += 1) note(attempt(), ANN);
    clock.advance(MINUTE - 1);
    expect(told()).toHaveLength(2);
    clock.advance(1);
    expect(told().slice(2)).toEqual(['ann@example.org cancelExecution FORBIDDEN 10']);
    clock.advance(MINUTE);
    expect(clock.due).toEqual([]);
    note(attempt(), ANN);
    expect(told()).toHaveLength(4);
  });

  it('is told apart by who it was, what it was, and the code', () => {
    const { note, told } = refusing();
    note(attempt(), ANN);
    note(attempt(), BOB);
    note(attempt(), { ...ANN, tenant: 'beta' });
    note(attempt(), { ...ANN, actor: { ...ANN.actor, via: 'api_key' } });
    note(attempt({ operation: 'pauseExecution' }), ANN);
    note(attempt({ code: 'NOT_AN_ASSIGNEE' }), ANN);
    note(attempt({ target: 'e2' }), ANN);
    expect(told()).toHaveLength(6);
  });

  it('is nothing of who is nobody in particular', () => {
    const { note, told } = refusing();
    note(attempt(), { ...ANN, actor: { id: 'anonymous', kind: 'user', via: 'none' } });
    expect(told()).toEqual([]);
  });

  it('takes no more memory and no more of the log than it may, which is said once a minute', () => {
    const { note, told, clock, logger } = refusing({ most: 2 });
    for (const operation of ['a', 'b', 'c', 'd']) note(attempt({ operation }), ANN);
    expect(told()).toEqual(['ann@example.org a FORBIDDEN 1', 'ann@example.org b FORBIDDEN 1']);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn']);
    clock.advance(MINUTE);
    note(attempt({ operation: 'c' }), ANN);
    expect(told().slice(2)).toEqual(['ann@example.org c FORBIDDEN 1']);
    note(attempt({ target: 'x'.repeat(9_000), operation: 'd' }), ANN);
    expect(JSON.stringify(told()).length).toBeLessThan(1_000);
  });

  it('says nothing of whatever it was done to beyond 200 characters, which may be anything', () => {
    const { note, events } = refusing();
    note(attempt({ target: 'x'.repeat(9_000) }), ANN);
    expect(events[0]?.facts.target).toBe('x'.repeat(200));
  });

  it('says so in the log of the server when there is no room for it among what waits', () => {
    const { note, logger } = refusing({ isFull: true });
    note(attempt(), ANN);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn']);
  });

  it('is all told once it is closed, and nothing from then on', () => {
    const { note, told, close, clock } = refusing();
    note(attempt(), ANN);
    note(attempt(), ANN);
    note(attempt(), ANN);
    close();
    expect(told().slice(1)).toEqual(['ann@example.org cancelExecution FORBIDDEN 2']);
    note(attempt(), BOB);
    expect(told()).toHaveLength(2);
    expect(clock.due).toEqual([]);
  });
});

describe('refusals among the reads that wait', () => {
  const refused = (operation: string, request = 'r1'): AuditRefused => {
    const told: AuditRefused[] = [];
    const tell = (event: AuditRefused) => told.push(event) > 0;
    const refusals = createRefusals({ audit: { tell }, clock: handClock(), logger: keepingLogger() });
    refusals.note(attempt({ operation }), callerOf(request));
    refusals.close();
    return told[0] as AuditRefused;
  };

  it('take half of the room at most, so that nobody is refused a read since others are refused', async () => {
    const log = await temporaryLog();
    const audit = auditOn(log, undefined, { most: 4 });
    expect(['a', 'b', 'c'].map((operation) => audit.tell(refused(operation)))).toEqual([true, true, false]);
    audit.note({ what: 'history', target: 'e1' }, ANN);
    await audit.close();
    expect(audit.tell(refused('d'))).toBe(false);
    expect((await log.read('audit-20260131')).map(({ type }) => type)).toEqual([
      'audit.day_began',
      'audit.refused',
      'audit.refused',
      'audit.read',
    ]);
  });

  it('are one with those that are alike and still wait', async () => {
    const log = await temporaryLog();
    const audit = auditOn(log);
    for (const request of ['r1', 'r2', 'r3']) audit.tell(refused('a', request));
    await audit.close();
    const [, event, ...more] = await log.read('audit-20260131');
    expect(event?.facts).toMatchObject({ request: 'r1', times: 3 });
    expect(more).toEqual([]);
  });
});
