import { describe, expect, test } from 'vitest';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { ReadModelsUnavailable } from '../../../src/ports/read-models.ts';
import type { LogMoment } from '../../../src/queries/as-of/as-of.ts';
import { createTallies, type Tallies } from '../../../src/queries/as-of/tallies.ts';
import { createTallySnapshots, TALLIES } from '../../../src/queries/as-of/tally-snapshots.ts';
import { GetMonitoring, type Monitoring } from '../../../src/queries/queries.ts';
import { dayOf } from '../../../src/projections/day.ts';
import { failed, started, WORKFLOW } from '../../projections/samples.ts';
import { happened, type Happened } from '../../spec/given.ts';
import { at, completedOf, known, openQueries, type Queries } from '../queries.ts';

const OTHER = 'bill_order';
const ZONES = ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles'];

const ask = (
  { ask: query }: Queries,
  zone = 'UTC',
  asOf?: LogMoment,
  workflow?: string,
): Promise<Monitoring> => query(new GetMonitoring(workflow, zone, undefined, asOf));

/** Runs of some days, one after the other; each of the pieces was decided at one time. */
const pieces = (): readonly (readonly Happened[])[] => {
  const found: (readonly Happened[])[] = [[known()], [known(OTHER)]];
  for (let n = 0; n < 24; n += 1) {
    const time = at('2026-01-28T00:30:00Z') + n * 3 * 3_600_000;
    const workflow = n % 3 === 0 ? OTHER : WORKFLOW;
    const stream = `execution-e${n}`;
    found.push([happened(stream, time, started(workflow))]);
    if (n % 4 !== 0) found.push([happened(stream, time + 500, completedOf(workflow, time + 500, 500))]);
    else if (n % 8 === 0) found.push([happened(stream, time + 600, failed(time, 600))]);
  }
  return found;
};

const position = (of: bigint): LogMoment => ({ by: 'position', position: of });

describe('monitoring as of a moment', () => {
  test('is what it was then, of all and of one, in every time zone, by position and by time', async () => {
    const queries = await openQueries('2026-01-01T00:00:00Z');
    const then: { readonly moment: LogMoment; readonly zone: string; readonly found: Monitoring[] }[] = [];
    for (const piece of pieces()) {
      const [first] = piece;
      const now = first?.at ?? 0;
      queries.clock.advance(now - queries.clock.now());
      const end = await queries.happen(...piece);
      for (const zone of ZONES) {
        const found = [await ask(queries, zone), await ask(queries, zone, undefined, WORKFLOW)];
        const moments = [position(end), { by: 'at', at: now } as const];
        then.push(...moments.map((moment) => ({ moment, zone, found })));
      }
    }
    for (const { moment, zone, found } of then.toReversed()) {
      const [all, one] = found;
      expect([moment, zone, await ask(queries, zone, moment)]).toEqual([moment, zone, all]);
      expect(await ask(queries, zone, moment, WORKFLOW)).toEqual({ ...one, currentLoad: undefined });
    }
  });

  test('of nothing counts nothing, and is none of a workflow that there is not', async () => {
    const queries = await openQueries();
    await queries.happen(known());
    const nothing = { activeWorkflows: 0, completedToday: 0, averageDuration: undefined, position: 0n };
    expect(await ask(queries, 'UTC', position(0n))).toMatchObject(nothing);
    expect(await ask(queries, 'UTC', { by: 'at', at: 0 }, WORKFLOW)).toMatchObject(nothing);
    await expect(ask(queries, 'UTC', position(0n), OTHER)).rejects.toMatchObject({
      code: 'WORKFLOW_NOT_FOUND',
    });
  });

  test('is refused for a moment that has not come', async () => {
    const queries = await openQueries();
    const end = await queries.happen(known());
    const now = queries.clock.now();
    const ahead: readonly (readonly [LogMoment, string, string])[] = [
      [position(end + 1n), String(end + 1n), String(end)],
      [{ by: 'at', at: now + 1 }, new Date(now + 1).toISOString(), new Date(now).toISOString()],
    ];
    for (const [moment, found, latest] of ahead)
      await expect(ask(queries, 'UTC', moment)).rejects.toMatchObject({
        code: 'AS_OF_AHEAD',
        details: { field: `asOf.${moment.by}`, found, expected: `at most ${latest}` },
      });
    expect(await ask(queries, 'UTC', { by: 'at', at: now })).toMatchObject({ activeWorkflows: 0 });
  });

  test('by a time is the same once more has happened, also by clocks that go back', async () => {
    const queries = await openQueries();
    const [t, then] = [at('2026-01-30T08:00:00Z'), { by: 'at', at: at('2026-01-30T08:00:02Z') } as const];
    await queries.happen(known(), happened('execution-a', t, started()));
    await queries.happen(happened('execution-b', t + 5_000, started()));
    const before = await ask(queries, 'UTC', then);
    await queries.happen(happened('execution-c', t + 1_000, started()));
    expect(await ask(queries, 'UTC', then)).toEqual(before);
    expect(before.activeWorkflows).toBe(1);
  });

  test('goes past an event that cannot be folded once that is parked, and not before', async () => {
    const queries = await openQueries();
    await queries.happen(known(), happened('execution-a', 1_000, started()));
    await queries.projector.stop();
    const broken = { ...started(), facts: null as unknown as ReturnType<typeof started>['facts'] };
    const end = await queries.append(
      happened('execution-b', 2_000, broken),
      happened('execution-c', 3_000, started()),
    );
    await expect(ask(queries, 'UTC', position(end))).rejects.toThrow('null');
    const [bad] = await queries.log.read('execution-b');
    for (const projection of ['active', 'outcomes']) {
      const facts = {
        projection,
        event: bad?.id ?? '',
        position: '3',
        stream: 'execution-b',
        revision: 0,
        type: broken.type,
      };
      const payload = { reason: 'It must go on.', error: 'It cannot be folded.' };
      await queries.append(
        happened(`projection-${projection}`, 4_000, { type: 'projection.event_parked', facts, payload }),
      );
    }
    expect(await ask(queries, 'UTC', position(end))).toMatchObject({ activeWorkflows: 2 });
  });
});

const EVERY = { every: 1, each: 0 };

const counts = async (tallies: Tallies, moment: LogMoment): Promise<readonly [number, number]> => {
  const { tally, day } = await tallies.at(moment, (time) => dayOf('UTC', time));
  const buckets = [...tally.outcomes.values()].filter(
    ({ doc }) => doc.bucket >= day.from && doc.bucket < day.to,
  );
  return [
    tally.active.get(WORKFLOW)?.doc.running ?? 0,
    buckets.reduce((sum, { doc }) => sum + doc.started, 0),
  ];
};

/** A log that is read event by event, so that there can be a snapshot behind each. */
const oneByOne = (log: EventLog): EventLog => ({
  ...log,
  subscribe: (options) => log.subscribe({ ...options, batch: 1 }),
});

/** A log of three runs, the last of which began by another clock. */
const open = async (clockOfLast = '2026-01-28T11:00:00Z') => {
  const queries = await openQueries('2026-01-31T10:00:00Z');
  const times = ['2026-01-28T10:00:00Z', '2026-01-31T09:00:00Z', clockOfLast].map(at);
  const ends: bigint[] = [];
  for (const [n, time] of times.entries())
    ends.push(await queries.append(happened(`execution-e${n}`, time, started())));
  const snapshots = createTallySnapshots(queries.readModels);
  return {
    ...queries,
    ends,
    snapshots,
    tallies: createTallies(oneByOne(queries.log), queries.clock, snapshots, EVERY),
  };
};

describe('tallies', () => {
  test('are what is folded on from, by position and by time', async () => {
    const { tallies, snapshots, ends } = await open('2026-01-31T09:00:01Z');
    const [first = 0n, second = 0n, third = 0n] = ends;
    expect(await counts(tallies, position(second))).toEqual([2, 1]);
    const kept = await snapshots.before({ position: second }, Number.MAX_SAFE_INTEGER);
    expect(kept?.position).toBe(second);
    const document = kept?.active.get(WORKFLOW);
    if (kept === undefined || document === undefined) throw new TypeError('Expected a snapshot.');
    const marked = { ...document, doc: { ...document.doc, running: 50 } };
    await snapshots.keep({ ...kept, active: new Map([[WORKFLOW, marked]]) });
    expect(await counts(tallies, position(third))).toEqual([51, 2]);
    expect(await counts(tallies, position(first))).toEqual([1, 1]);
    const [time] = (await counts(tallies, { by: 'at', at: at('2026-01-31T09:00:00Z') })) ?? [];
    expect(time).toBe(50);
  });

  test('change nothing when they are removed, and come again', async () => {
    const { tallies, snapshots, readModels, ends } = await open();
    const before = await Promise.all(ends.map((end) => counts(tallies, position(end))));
    await readModels.drop(TALLIES);
    expect(await snapshots.before({ position: 9n }, Number.MAX_SAFE_INTEGER)).toBeUndefined();
    expect(await Promise.all(ends.map((end) => counts(tallies, position(end))))).toEqual(before);
    expect(await snapshots.before({ position: 9n }, Number.MAX_SAFE_INTEGER)).toBeDefined();
  });

  test('leave out what no later day can have, and are gone behind by a day that is before', async () => {
    const { tallies, snapshots, ends } = await open();
    const [first = 0n, second = 0n, third = 0n] = ends;
    expect(await counts(tallies, position(second))).toEqual([2, 1]);
    const kept = await snapshots.before({ position: second }, Number.MAX_SAFE_INTEGER);
    expect([...(kept?.outcomes.values() ?? [])].map(({ doc }) => doc.bucket)).toEqual([
      at('2026-01-31T09:00:00Z'),
    ]);
    // By a clock that went back three days: both runs of that day, with the one that is left out above.
    expect(await counts(tallies, position(third))).toEqual([3, 2]);
    expect(await counts(tallies, position(first))).toEqual([1, 1]);
  });

  test('leave out nothing of today for a clock that was centuries ahead', async () => {
    const queries = await openQueries('2026-01-31T10:00:00Z');
    const ends: bigint[] = [];
    for (const [n, time] of [
      '2026-01-31T09:00:00Z',
      '2999-01-01T00:00:00Z',
      '2026-01-31T09:30:00Z',
    ].entries())
      ends.push(await queries.append(happened(`execution-e${n}`, at(time), started())));
    const snapshots = createTallySnapshots(queries.readModels);
    const tallies = createTallies(oneByOne(queries.log), queries.clock, snapshots, EVERY);
    for (const end of ends) await counts(tallies, position(end));
    const kept = await snapshots.before({ position: ends[1] ?? 0n }, at('2026-01-31T00:00:00Z'));
    expect(kept?.position).toBe(ends[1]);
    expect(await counts(tallies, position(ends[2] ?? 0n))).toEqual([3, 2]);
    expect(await counts(tallies, { by: 'at', at: queries.clock.now() })).toEqual([1, 1]);
  });

  test('of events that the log does not have are left alone, and written over', async () => {
    const { tallies, snapshots, ends } = await open();
    const [, second = 0n] = ends;
    await counts(tallies, position(second));
    const kept = await snapshots.before({ position: second }, Number.MAX_SAFE_INTEGER);
    if (kept?.last === undefined) throw new TypeError('Expected a snapshot.');
    await snapshots.keep({ ...kept, last: { ...kept.last, id: 'of-another-log' }, active: new Map() });
    await snapshots.keep({
      ...kept,
      position: second - 1n,
      last: { ...kept.last, id: 'of-another-log' },
      active: new Map(),
    });
    expect(await counts(tallies, position(second))).toEqual([2, 1]);
    expect(await snapshots.before({ position: second }, Number.MAX_SAFE_INTEGER)).toMatchObject({
      last: kept.last,
    });
  });

  test('that other versions of the projections have made are left alone', async () => {
    const { tallies, snapshots, readModels, ends } = await open();
    const [, second = 0n] = ends;
    await counts(tallies, position(second));
    const found = await readModels.find(TALLIES, { limit: 10 });
    await readModels.write(
      TALLIES,
      found.map(({ key, doc, position: stood }) => ({
        key,
        doc: { ...doc, version: '1:0:0' },
        position: stood,
        expected: stood,
      })),
    );
    expect(await snapshots.before({ position: second }, Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });

  test('are done without while the store does not answer', async () => {
    const { log, clock, readModels, ends } = await open();
    const away = () => Promise.reject(new ReadModelsUnavailable('It is away.'));
    const snapshots = createTallySnapshots({
      ...readModels,
      find: away,
      load: away,
      write: away,
      prepare: away,
    });
    const tallies = createTallies(log, clock, snapshots, EVERY);
    expect(await counts(tallies, position(ends[1] ?? 0n))).toEqual([2, 1]);
  });
});
