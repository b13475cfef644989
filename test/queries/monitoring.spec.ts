import { describe, expect, test } from 'vitest';
import { GetMonitoring, type Monitoring } from '../../src/queries/queries.ts';
import { cancelled, compensated, compensating, failed, started, WORKFLOW } from '../projections/samples.ts';
import { runAdmitted, runRequested } from '../projections/gate-samples.ts';
import { happened, type Happened } from '../spec/given.ts';
import { at, completedOf, failedOf, known, openQueries, type Queries } from './queries.ts';

const NOW = '2026-01-31T10:07:00Z';
const T = at('2026-01-31T08:00:00Z');

const monitoring = ({ ask }: Queries, workflow?: string, timeZone = 'UTC'): Promise<Monitoring> =>
  ask(new GetMonitoring(workflow, timeZone, undefined));

/** So many executions of a workflow were started. */
const running = (many: number, prefix: string, workflow = WORKFLOW): readonly Happened[] =>
  Array.from({ length: many }, (_, n) => happened(`execution-${prefix}${n}`, T, started(workflow)));

/** An execution ran and completed at a time. */
const done = (id: string, end: number, duration = 100, workflow = WORKFLOW): readonly Happened[] => [
  happened(`execution-${id}`, end - duration, started(workflow)),
  happened(`execution-${id}`, end, completedOf(workflow, end, duration)),
];

describe('monitoring', () => {
  test('counts what is active, and what became of executions today', async () => {
    const queries = await openQueries(NOW);
    const end = await queries.happen(
      known(),
      ...running(6, 'e'),
      happened('execution-e0', T + 300, completedOf(WORKFLOW, T + 300, 300)),
      happened('execution-e1', T + 500, completedOf(WORKFLOW, T + 500, 500)),
      happened('execution-e2', T + 9_000, failed(T, 9_000)),
      happened('execution-e3', T + 7_000, cancelled(T, 7_000)),
      happened('execution-e4', T + 10, compensating('pay')),
      happened('execution-e4', T + 20, compensated(T, 20)),
      happened('execution-f0', T, started()),
      happened('execution-f0', T + 10, compensating('pay')),
    );
    expect(await monitoring(queries, WORKFLOW)).toEqual({
      workflow: WORKFLOW,
      activeWorkflows: 2,
      activeByStatus: { queued: 0, running: 1, compensating: 1, paused: 0 },
      busiest: [{ workflow: WORKFLOW, active: 2, queued: 0, running: 1, compensating: 1, paused: 0 }],
      completedToday: 2,
      failedToday: 1,
      cancelledToday: 1,
      compensatedToday: 1,
      averageDuration: 400,
      currentLoad: 'low',
      today: { from: at('2026-01-31T00:00:00Z'), to: at('2026-02-01T00:00:00Z') },
      position: end,
    });
  });

  test('of nothing has no average', async () => {
    const queries = await openQueries(NOW);
    expect(await monitoring(queries)).toEqual({
      workflow: undefined,
      activeWorkflows: 0,
      activeByStatus: { queued: 0, running: 0, compensating: 0, paused: 0 },
      busiest: [],
      completedToday: 0,
      failedToday: 0,
      cancelledToday: 0,
      compensatedToday: 0,
      averageDuration: undefined,
      currentLoad: 'low',
      today: { from: at('2026-01-31T00:00:00Z'), to: at('2026-02-01T00:00:00Z') },
      position: 0n,
    });
  });

  test('is that of one workflow, or of all together', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(
      known('a'),
      known('b'),
      ...running(3, 'a', 'a'),
      ...running(2, 'b', 'b'),
      ...done('x', T + 100, 100, 'a'),
      ...done('y', T + 300, 300, 'b'),
      happened('execution-b0', T + 50, failedOf('b', T + 50, 50)),
    );
    expect(await monitoring(queries, 'a')).toMatchObject({
      activeWorkflows: 3,
      completedToday: 1,
      failedToday: 0,
      averageDuration: 100,
    });
    expect(await monitoring(queries, 'b')).toMatchObject({
      activeWorkflows: 1,
      completedToday: 1,
      failedToday: 1,
      averageDuration: 300,
    });
    expect(await monitoring(queries)).toMatchObject({
      activeWorkflows: 4,
      completedToday: 2,
      failedToday: 1,
      averageDuration: 200,
    });
  });

  test('of a workflow that nothing happened to is all zero', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(known(), ...done('x', T, 100, 'other'));
    expect(await monitoring(queries, WORKFLOW)).toMatchObject({
      activeWorkflows: 0,
      completedToday: 0,
      position: 0n,
    });
  });

  test('of a workflow that there is none of is refused', async () => {
    const queries = await openQueries(NOW);
    await queries.happen(known());
    await expect(monitoring(queries, 'nobody')).rejects.toMatchObject({
      name: 'Rejection',
      code: 'WORKFLOW_NOT_FOUND',
      message: 'Expected the name of a registered workflow, but there is none called "nobody".',
      details: { field: 'workflow', found: 'nobody' },
    });
  });

  test('says the position of the latest event that it counted', async () => {
    const queries = await openQueries(NOW);
    const counted = await queries.happen(known(), ...done('x', T));
    await queries.happen(happened('workflow-later', T, known('later').events[0]!));
    expect((await monitoring(queries)).position).toBe(counted);
  });

  test('sums more workflows than one page holds', async () => {
    const queries = await openQueries(NOW);
    const many = Array.from({ length: 1_203 }, (_, n) =>
      happened(`execution-e${n}`, T, started(`workflow_${n}`)),
    );
    await queries.happen(...many);
    expect((await monitoring(queries)).activeWorkflows).toBe(1_203);
  });

  test('calls the load low below a half of what a node is made for, and high from four fifths on', async () => {
    const queries = await openQueries(NOW);
    const load = async (): Promise<readonly [number, Monitoring['currentLoad']]> => {
      const { activeWorkflows, currentLoad } = await monitoring(queries);
      return [activeWorkflows, currentLoad];
    };
    await queries.happen(known(), ...running(4_999, 'a'));
    expect(await load()).toEqual([4_999, 'low']);
    await queries.happen(...running(1, 'b'));
    expect(await load()).toEqual([5_000, 'medium']);
    await queries.happen(...running(2_999, 'c'));
    expect(await load()).toEqual([7_999, 'medium']);
    await queries.happen(...running(1, 'd'));
    expect(await load()).toEqual([8_000, 'high']);
    await queries.happen(happened('execution-d0', T + 9, completedOf(WORKFLOW, T + 9, 9)));
    expect(await load()).toEqual([7_999, 'medium']);
  });

  test('goes by how many of a workflow may go on at once, of which those that wait are none', async () => {
    const queries = await openQueries(NOW);
    const load = async (): Promise<readonly [number, Monitoring['currentLoad']]> => {
      const { activeWorkflows, currentLoad } = await monitoring(queries, 'few');
      return [activeWorkflows, currentLoad];
    };
    const run = (id: string, ...types: readonly (typeof runRequested | typeof runAdmitted)[]) => [
      ...running(1, id, 'few'),
      ...types.map((make) => {
        const event = make();
        const facts = { ...event.facts, workflow: 'few' };
        return happened(`execution-${id}0`, T + 1, { ...event, facts } as typeof event);
      }),
    ];
    await queries.happen(
      known('few'),
      ...run('a', runRequested, runAdmitted),
      ...run('b', runRequested, runAdmitted),
    );
    expect(await load()).toEqual([2, 'low']);
    await queries.happen(...run('c', runRequested));
    expect(await load()).toEqual([3, 'low']);
    await queries.happen(...run('d', runRequested, runAdmitted));
    expect(await load()).toEqual([4, 'medium']);
    await queries.happen(...run('e', runRequested, runAdmitted));
    expect(await load()).toEqual([5, 'high']);
  });
});

describe('today', () => {
  /** What completed today, at these times. */
  const completedAt = async (now: string, timeZone: string, ...times: readonly string[]) => {
    const queries = await openQueries(now);
    await queries.happen(known(), ...times.flatMap((time, n) => done(`e${n}`, at(time))));
    const { completedToday, today } = await monitoring(queries, undefined, timeZone);
    const iso = (time: number) => new Date(time).toISOString().slice(0, 16);
    return [completedToday, iso(today.from), iso(today.to)];
  };

  test('begins at midnight in the time zone, and ends at the next', async () => {
    const times = ['2026-06-30T21:59:59.999Z', '2026-06-30T22:00:00Z', '2026-07-01T21:59:59.999Z'];
    const now = '2026-07-01T12:00:00Z';
    expect(await completedAt(now, 'Europe/Berlin', ...times, '2026-07-01T22:00:00Z')).toEqual([
      2,
      '2026-06-30T22:00',
      '2026-07-01T22:00',
    ]);
    expect(await completedAt(now, 'UTC', ...times)).toEqual([1, '2026-07-01T00:00', '2026-07-02T00:00']);
  });

  test('has 23 hours when summer time begins', async () => {
    const edges = [
      '2026-03-28T22:59:00Z',
      '2026-03-28T23:00:00Z',
      '2026-03-29T21:59:00Z',
      '2026-03-29T22:00:00Z',
    ];
    expect(await completedAt('2026-03-29T10:00:00Z', 'Europe/Berlin', ...edges)).toEqual([
      2,
      '2026-03-28T23:00',
      '2026-03-29T22:00',
    ]);
  });

  test('has 25 hours when it ends, with the hour that comes twice', async () => {
    const edges = [
      '2026-10-24T21:59:00Z',
      '2026-10-24T22:00:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
      '2026-10-25T22:59:00Z',
      '2026-10-25T23:00:00Z',
    ];
    expect(await completedAt('2026-10-25T10:00:00Z', 'Europe/Berlin', ...edges)).toEqual([
      4,
      '2026-10-24T22:00',
      '2026-10-25T23:00',
    ]);
  });

  test('begins at a quarter of an hour where the time zone does', async () => {
    const edges = [
      '2026-05-05T18:14:59Z',
      '2026-05-05T18:15:00Z',
      '2026-05-06T18:14:59Z',
      '2026-05-06T18:15:00Z',
    ];
    expect(await completedAt('2026-05-06T06:00:00Z', 'Asia/Kathmandu', ...edges)).toEqual([
      2,
      '2026-05-05T18:15',
      '2026-05-06T18:15',
    ]);
  });

  test('begins anew at midnight, by the clock', async () => {
    const queries = await openQueries('2026-01-31T23:59:59Z');
    await queries.happen(known(), ...done('x', T));
    expect((await monitoring(queries)).completedToday).toBe(1);
    queries.clock.advance(1_000);
    expect(await monitoring(queries)).toMatchObject({ completedToday: 0, averageDuration: undefined });
  });

  test.for(['Mars/Olympus', '', '+02:00', 'Europe/Berlin '])(
    'is refused in %j, which is no time zone',
    async (timeZone) => {
      const queries = await openQueries();
      await expect(monitoring(queries, undefined, timeZone)).rejects.toMatchObject({
        name: 'Rejection',
        code: 'BAD_USER_INPUT',
        message: `Expected the name of an IANA time zone such as "Europe/Berlin", but found ${JSON.stringify(timeZone)}.`,
        details: { field: 'timeZone', found: timeZone, expected: 'an IANA time zone' },
      });
    },
  );
});
