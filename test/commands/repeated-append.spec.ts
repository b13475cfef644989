import { describe, expect, test } from 'vitest';
import { eventId, type SealedCommit } from '../../src/domain/chain.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { faultyLog, type Outage } from '../spec/faulty-log.ts';
import { countingIds } from '../spec/ids.ts';
import { passTime } from '../spec/pass-time.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCommands, WAITING, type Commands } from './commands.ts';
import { commitsOf } from './stored.ts';

/** A log that keeps every commit that it is asked to append. */
const listening = (log: EventLog): { readonly log: EventLog; readonly asked: readonly SealedCommit[] } => {
  const asked: SealedCommit[] = [];
  const append: EventLog['append'] = (commit) => {
    asked.push(commit);
    return log.append(commit);
  };
  return { log: { ...log, append }, asked };
};

const open = async () => {
  const stored = await temporaryLog();
  const log = faultyLog(stored);
  const heard = listening(log);
  const under = await openCommands({ log: heard.log, ids: countingIds(0.5, 1) });
  await under.register(WAITING);
  const { executionId: id } = await under.startExecution('waiting');
  return { ...under, log, asked: heard.asked, stored, id };
};

const TRIGGER = WAITING.replace('workflow: waiting', 'workflow: another');

const commands: readonly (readonly [string, (commands: Commands, id: string) => Promise<unknown>])[] = [
  ['register', ({ register }) => register(TRIGGER)],
  ['start', ({ startExecution }) => startExecution('waiting')],
  ['emit', ({ emit }) => emit('happened')],
  ['signal', ({ signal }, id) => signal(id, 'kept')],
  ['cancel', ({ cancel }, id) => cancel(id)],
];

const plans: readonly (readonly Outage[])[] = [
  ['before'],
  ['after'],
  ['after', 'after', 'before'],
  ['before', 'after'],
];

describe('an append that was not answered', () => {
  test.for(
    commands.flatMap(([name, send]) => plans.map((plan) => [name, plan.join(', '), plan, send] as const)),
  )('is made again as it was, and stored once: %s, away %s', async ([, , plan, send]) => {
    const { log, asked, clock, stored, id, ...under } = await open();
    const end = await stored.end();
    const before = asked.length;
    log.fail('append', ...plan);
    await passTime(clock, send({ ...under, log, clock }, id));
    const made = asked.slice(before);
    expect(made).toHaveLength(plan.length + 1);
    for (const commit of made) expect(commit).toEqual(made[0]);
    const [{ stream, revision, events, hash } = made[0] as SealedCommit] = made;
    const [found] = await stored.read(stream, { from: revision });
    expect(found).toMatchObject({ id: events[0]?.id, commit: { hash } });
    expect(await stored.end()).toBe(end + BigInt(events.length));
  });

  test('carries ids that come from the command and the revisions', async () => {
    const { log, asked, clock, signal, id } = await open();
    log.fail('append', 'after');
    await passTime(clock, signal(id, 'go'));
    const [first, again] = asked.slice(-2);
    const { $causationId } = JSON.parse(first?.metadata ?? '{}') as { readonly $causationId: string };
    expect(first?.events).toHaveLength(3);
    expect(first?.events.map((event) => event.id)).toEqual([3, 4, 5].map((n) => eventId($causationId, n)));
    expect(again?.events).toEqual(first?.events);
  });

  test('and was written is answered with its first position, also when another has written since', async () => {
    const { log, clock, signal, stored, id } = await open();
    const there = await openCommands({ log: stored, ids: countingIds(0.5, 2) });
    log.fail('append', 'after');
    const signalled = signal(id, 'kept', 'here');
    await clock.armed(clock.now() + 100);
    const end = await stored.end();
    await there.signal(id, 'kept', 'there');
    expect(await passTime(clock, signalled)).toEqual({ position: end });
    await signal(id, 'kept', 'again');
    expect((await commitsOf(stored, `execution-${id}`)).slice(1)).toMatchObject(
      ['here', 'there', 'again'].map((payload) => ({ events: [{ payload: { payload } }] })),
    );
  });

  test('and was not written is decided again when another has written meanwhile', async () => {
    const { log, asked, clock, signal, stored, id } = await open();
    const there = await openCommands({ log: stored, ids: countingIds(0.5, 2) });
    log.fail('append', 'before');
    const signalled = signal(id, 'kept', 'here');
    await clock.armed(clock.now() + 100);
    await there.signal(id, 'kept', 'there');
    expect(await passTime(clock, signalled)).toEqual({ position: await stored.end() });
    expect((await commitsOf(stored, `execution-${id}`)).slice(1)).toMatchObject(
      ['there', 'here'].map((payload) => ({ events: [{ payload: { payload } }] })),
    );
    const causes = asked.slice(-3).map(({ metadata }) => JSON.parse(metadata) as { $causationId: string });
    expect(causes[0]).toEqual(causes[1]);
    expect(causes[2]?.$causationId).not.toBe(causes[1]?.$causationId);
  });
});
