import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { LogCorrupt, START, type EventLog } from '../../src/ports/event-log.ts';
import { createLaterPass } from '../../src/projections/later-pass.ts';
import { createMember, openMember, positionOf, type MemberStore } from '../../src/projections/member.ts';
import { createPatience } from '../../src/projections/patience.ts';
import type { Projection } from '../../src/projections/projection.ts';
import { createTurns } from '../../src/projections/turns.ts';
import { openRunner, watched } from './runner.ts';
import { runs, tally, tallyOf, type TallyOptions } from './tally.ts';

const PATIENT = 30_000;
const BOTH = ['first', 'later'];

const first = tally({ name: 'first' });
const later = (options: TallyOptions = {}): Projection => ({
  ...tally({ name: 'later', ...options }),
  canWait: true,
});

/** A runner that says which documents were written, one after the other, and from where on the log was read. */
const opened = async () => {
  const runner = await openRunner();
  const writes: string[] = [];
  const asked: bigint[] = [];
  const readModels = watched(runner.readModels, (method, about) => {
    if (method === 'write') writes.push(about);
  });
  const log: EventLog = {
    ...runner.log,
    subscribe: (options) => {
      asked.push(options.after);
      return runner.log.subscribe(options);
    },
  };
  // As they are listed they would be written the other way round.
  const start = (options = {}) =>
    runner.start({ log, readModels, projections: [later(), first], ...options });
  return { ...runner, writes, asked, log, start };
};

describe('projections that can wait', () => {
  it('are folded with the others while there are few events', async () => {
    const { start, happen, writes } = await opened();
    const end = await happen(runs(100));
    await start().waitFor(end, BOTH, PATIENT);
    expect(writes).toEqual(['later_1', 'first_1']);
  });

  it('are folded behind the others when there are many, of what was read for those', async () => {
    const { start, happen, writes, asked, documents } = await opened();
    const end = await happen(runs(1_000));
    await start({ batch: 300 }).waitFor(end, BOTH, PATIENT);
    expect(writes).toEqual([...Array(7).fill('first_1'), ...Array(7).fill('later_1')]);
    expect(await documents('later_1')).toEqual({ ship_order: tallyOf(1_000) });
    expect(asked).toEqual([START]);
  });

  it('read from the log what is more than is kept for them', async () => {
    const { start, happen, writes, asked, documents } = await opened();
    const end = await happen(runs(2_000));
    const projector = start({ batch: 300 });
    await projector.waitFor(end, BOTH, PATIENT);
    expect(writes.slice(0, 14)).toEqual(Array(14).fill('first_1'));
    expect(asked).toEqual([START, 2_400n, 3_424n]);
    expect(await documents('later_1')).toEqual({ ship_order: tallyOf(2_000) });
    await projector.waitFor(await happen(runs(2_001)), BOTH, PATIENT);
    expect(await documents('later_1')).toEqual({ ship_order: tallyOf(2_001) });
    expect(await documents('first_1')).toEqual({ ship_order: tallyOf(2_001) });
  });

  it('are not in the way of the others when they are behind at a start', async () => {
    const { start, happen, asked, documents } = await opened();
    const both = start();
    await both.waitFor(await happen(runs(5)), BOTH, PATIENT);
    await both.stop();
    const alone = start({ projections: [first] });
    await alone.waitFor(await happen(runs(9)), ['first'], PATIENT);
    await alone.stop();
    asked.length = 0;
    await start().waitFor(await happen(runs(10)), BOTH, PATIENT);
    expect(asked.slice(0, 2)).toEqual([18n, 10n]);
    expect(await documents('later_1')).toEqual({ ship_order: tallyOf(10) });
    expect(await documents('first_1')).toEqual({ ship_order: tallyOf(10) });
  });

  it('stop alone at what they cannot fold, or when the log cannot be read for them', async () => {
    const { start, log, happen, documents } = await opened();
    const refuses = ({ stream }: { readonly stream: string }) => stream === 'execution-e150';
    const end = await happen(runs(200));
    const faulty = start({ projections: [later({ refuses }), first] });
    await faulty.waitFor(end, ['first'], PATIENT);
    await expect(faulty.waitFor(end, ['later'], PATIENT)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await documents('later_1')).toEqual({ ship_order: tallyOf(150) });
    await faulty.stop();
    const unreadable: EventLog = {
      ...log,
      subscribe: (options) => {
        if (options.after === 300n) throw new LogCorrupt('Expected a commit, but found none.');
        return log.subscribe(options);
      },
    };
    const projector = start({ log: unreadable });
    await expect(projector.waitFor(end, ['later'], PATIENT)).rejects.toThrow('Expected a commit');
    await projector.waitFor(await happen(runs(210)), ['first'], PATIENT);
    expect(await documents('first_1')).toEqual({ ship_order: tallyOf(210) });
  });

  it('are folded as others are where there are no others', async () => {
    const { start, happen, documents, asked } = await opened();
    const end = await happen(runs(200));
    await start({ projections: [later()], batch: 300 }).waitFor(end, ['later'], PATIENT);
    expect(await documents('later_1')).toEqual({ ship_order: tallyOf(200) });
    expect(asked).toEqual([START]);
  });
});

it('skips nothing for one that joins behind where the log is being read', async () => {
  const { readModels, log, happen, documents } = await openRunner();
  const end = await happen(runs(3));
  const stop = new AbortController();
  const { signal } = stop;
  const clock = systemClock();
  const [one, other] = ['one', 'other'].map((name) => createMember(tally({ name }), clock));
  if (one === undefined || other === undefined) throw new Error('Expected two members, but there are fewer.');
  const joinAt = async (member: typeof one, position: bigint) => {
    const { name } = member.projection;
    const record = { name, version: 1, generation: 1, position };
    await readModels.prepare(`${name}_1`, []);
    await readModels.saveProjection(record);
    openMember(member, record);
  };
  await joinAt(one, 2n);
  const store: MemberStore = {
    readModels,
    log,
    patience: createPatience(clock, signal),
    overtaken: () => undefined,
    tell: () => undefined,
  };
  const done = Promise.withResolvers<void>();
  const pass = createLaterPass({
    log: {
      ...log,
      subscribe: async function* (options) {
        for await (const batch of log.subscribe(options)) {
          if (other.live === undefined) await joinAt(other, START);
          yield batch;
        }
      },
    },
    store,
    members: [one, other],
    turns: createTurns(),
    signal,
    aim: () => end,
    advanced: () => {
      if ([one, other].every((member) => positionOf(member) >= end)) done.resolve();
    },
  });
  const running = pass.run();
  await done.promise;
  stop.abort();
  await running;
  expect(await documents('other_1')).toEqual({ ship_order: tallyOf(3) });
});
