import { describe, expect, test } from 'vitest';
import { ReadModelsUnavailable } from '../../../src/ports/read-models.ts';
import type { AsOf } from '../../../src/queries/as-of/as-of.ts';
import { createHistories } from '../../../src/queries/as-of/histories.ts';
import { createSnapshots, SNAPSHOTS } from '../../../src/queries/as-of/snapshots.ts';
import { GetExecution, GetTimeline, GetVariables } from '../../../src/queries/history-queries.ts';
import {
  compensating,
  completed,
  retryScheduled,
  started,
  stepCompleted,
  stepStarted,
  variablesSet,
  WORKFLOW,
} from '../../projections/samples.ts';
import { happened } from '../../spec/given.ts';
import { first, openQueries } from '../queries.ts';
import { DENSE } from './history-as-of.ts';

const revision = (of: number): AsOf => ({ by: 'revision', revision: of });
const at = (time: number): AsOf => ({ by: 'at', at: time });

const open = async () => {
  const queries = await openQueries();
  const end = await queries.happen(
    happened('execution-e-2', 500, started()),
    happened('execution-e-1', 1_000, started(), stepStarted('pay')),
    happened('execution-e-1', 2_000, retryScheduled('pay', 1_000, 1, 2_000)),
    happened('execution-e-2', 2_000, stepStarted('pay')),
    happened('execution-e-1', 2_000, stepStarted('pay', 2)),
    happened('execution-e-1', 3_000, stepCompleted('pay', 1_000, 2), completed(1_000, 2_000)),
  );
  const execution = (moment: AsOf, id = 'e-1') => queries.ask(new GetExecution(id, undefined, moment));
  const timeline = async (moment: AsOf, page = first(10), id = 'e-1') =>
    queries.ask(new GetTimeline(id, page, undefined, moment));
  const snapshots = createSnapshots(queries.readModels);
  const dense = createHistories(queries.log, queries.clock, snapshots, DENSE);
  return { ...queries, end, execution, timeline, snapshots, dense };
};

describe('an execution as it was', () => {
  test('is there with all that it was, and the position that says so', async () => {
    const { execution } = await open();
    expect(await execution(revision(2))).toMatchObject({
      key: 'e-1',
      position: 4n,
      doc: { status: 'running', step: 'pay', waiting: 'timer', retries: 1, revision: 2, endedAt: null },
    });
    expect(await execution({ by: 'position', position: 5n })).toEqual(await execution(revision(2)));
  });

  test('has everything of a millisecond, in however many commits it was decided', async () => {
    const { execution, timeline } = await open();
    expect(await execution(at(1_999))).toMatchObject({ doc: { revision: 1 } });
    expect(await execution(at(2_000))).toMatchObject({ doc: { revision: 3, waiting: null } });
    const { items } = await timeline(at(2_000));
    expect(items.map(({ node }) => [node.key, node.doc.status])).toEqual([
      ['e-1:0', 'running'],
      ['e-1:pay:1', 'failed'],
      ['e-1:pay:2', 'running'],
    ]);
  });

  test('was not there before its start, and is none of that id', async () => {
    const { execution, timeline } = await open();
    for (const moment of [at(999), { by: 'position', position: 1n } as const]) {
      expect(await execution(moment)).toBeUndefined();
      await expect(timeline(moment)).rejects.toMatchObject({ code: 'EXECUTION_NOT_FOUND' });
    }
    for (const moment of [at(9_000), revision(0), { by: 'position', position: 8n } as const])
      expect(await execution(moment, 'e-3')).toBeUndefined();
  });

  test('is refused for a moment that has not come', async () => {
    const { execution, timeline, end, clock } = await open();
    const now = clock.now();
    const ahead: readonly (readonly [AsOf, string, string])[] = [
      [revision(6), '6', '5'],
      [{ by: 'position', position: end + 1n }, '9', '8'],
      [at(now + 1), new Date(now + 1).toISOString(), new Date(now).toISOString()],
    ];
    for (const [moment, found, latest] of ahead) {
      const refused = {
        code: 'AS_OF_AHEAD',
        message: `Expected a moment that has come (at most ${latest}), but found ${found}.`,
        details: { field: `asOf.${moment.by}`, found, expected: `at most ${latest}` },
      };
      await expect(execution(moment)).rejects.toMatchObject(refused);
      await expect(timeline(moment)).rejects.toMatchObject(refused);
    }
    expect(await execution(at(now))).toMatchObject({ doc: { status: 'completed' } });
    expect(await execution({ by: 'position', position: end })).toMatchObject({ doc: { revision: 5 } });
  });

  test('is the same once more has happened, also by clocks that go back', async () => {
    const { execution, happen, clock } = await open();
    clock.advance(10_000);
    const before = await execution(at(2_500), 'e-2');
    await happen(
      happened('execution-e-2', 2_600, stepCompleted('pay', 600)),
      happened('execution-e-2', 2_400, completed(500, 1_900)),
    );
    expect(await execution(at(2_500), 'e-2')).toEqual(before);
  });

  test('is there without any view', async () => {
    const { execution, projector, append } = await open();
    await projector.stop();
    await append(happened('execution-e-4', 4_000, started()));
    expect(await execution(revision(0), 'e-4')).toMatchObject({ doc: { workflow: WORKFLOW } });
  });

  test('refuses pages behind a cursor of another moment', async () => {
    const { timeline } = await open();
    const { items } = await timeline(revision(2), first(1));
    const after = items[0]?.cursor;
    expect((await timeline(revision(2), first(5, after))).items.map(({ node }) => node.key)).toEqual([
      'e-1:pay:1',
    ]);
    await expect(timeline(revision(3), first(5, after))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'after' },
    });
  });

  test('had the variables that had been set last, and those of its start', async () => {
    const { ask, happen } = await open();
    const start = started();
    const step = stepCompleted('pay', 100);
    await happen(
      happened('execution-e-4', 1_000, {
        ...start,
        payload: { ...start.payload, variables: { a: 1, b: 2 } },
      }),
      happened('execution-e-4', 1_100, stepStarted('pay'), variablesSet('')),
      happened('execution-e-4', 1_200, { ...step, payload: { ...step.payload, variables: { c: [3] } } }),
    );
    const found = await Promise.all([0, 1, 2, 3].map((at) => ask(new GetVariables('e-4', at))));
    const second = { a: 'secret', b: 2 };
    expect(found).toEqual([{ a: 1, b: 2 }, { a: 1, b: 2 }, second, { ...second, c: [3] }]);
  });

  test('goes past an event that cannot be folded once that is parked, and not before', async () => {
    const { append, log, projector, dense } = await open();
    await projector.stop();
    const broken = compensating('pay');
    const facts = { ...broken.facts, steps: null as unknown as readonly string[] };
    await append(happened('execution-e-2', 3_000, { ...broken, facts }, completed(500, 2_500)));
    await expect(dense.pastOf('e-2', 3)).rejects.toThrow(TypeError);
    const [bad] = await log.read('execution-e-2', { from: 2 });
    const parked = {
      projection: 'executions',
      event: bad?.id ?? '',
      position: '9',
      stream: 'execution-e-2',
      revision: 2,
      type: broken.type,
    };
    await append(
      happened('projection-executions', 4_000, {
        type: 'projection.event_parked',
        facts: parked,
        payload: { reason: 'It must go on.', error: 'It cannot be folded.' },
      }),
    );
    expect((await dense.pastOf('e-2', 3)).execution).toMatchObject({ doc: { status: 'completed' } });
  });
});

describe('snapshots', () => {
  test('change nothing when they are removed, and come again', async () => {
    const { dense, snapshots, readModels } = await open();
    const whole = await dense.pastOf('e-1', 4);
    expect((await snapshots.before('e-1', 3))?.revision).toBe(3);
    expect(await dense.pastOf('e-1', 4)).toEqual(whole);
    await readModels.drop(SNAPSHOTS);
    expect(await snapshots.before('e-1', 5)).toBeUndefined();
    expect(await dense.pastOf('e-1', 4)).toEqual(whole);
  });

  test('are what is folded on from', async () => {
    const { dense, snapshots } = await open();
    const past = await dense.pastOf('e-1', 2);
    const marked = { ...past, setAt: new Map([['marked', 0]]) };
    await snapshots.keep('e-1', [marked]);
    expect((await dense.pastOf('e-1', 3)).setAt).toEqual(marked.setAt);
    expect((await dense.pastOf('e-2', 1)).setAt).toEqual(new Map());
  });

  test('of events that the log does not have are left alone, and written over', async () => {
    const { dense, snapshots } = await open();
    const past = await dense.pastOf('e-1', 2);
    await snapshots.keep('e-1', [{ ...past, event: 'of-another-log', setAt: new Map([['marked', 0]]) }]);
    expect((await dense.pastOf('e-1', 3)).setAt).toEqual(new Map());
    expect(await snapshots.before('e-1', 2)).toMatchObject({ event: past.event });
  });

  test('that other versions of the projections have made are left alone', async () => {
    const { dense, snapshots, readModels } = await open();
    await dense.pastOf('e-1', 2);
    const found = await readModels.find(SNAPSHOTS, { limit: 10 });
    await readModels.write(
      SNAPSHOTS,
      found.map(({ key, doc, position }) => ({
        key,
        doc: { ...doc, version: '1:0:0' },
        position,
        expected: position,
      })),
    );
    expect(await snapshots.before('e-1', 2)).toBeUndefined();
    await dense.pastOf('e-1', 2);
    expect((await snapshots.before('e-1', 2))?.revision).toBe(2);
  });

  test('are not needed by entries that they do not hold any more', async () => {
    const { dense } = await open();
    await dense.pastOf('e-1', 5);
    const { entries } = await dense.pastOf('e-1', 4, { entries: new Map([['e-1:pay:1', 1]]) });
    expect(entries.get('e-1:pay:1')).toMatchObject({ doc: { status: 'failed', sequence: 1 } });
  });

  test('are done without while the store does not answer', async () => {
    const { log, clock, readModels } = await open();
    const away = () => Promise.reject(new ReadModelsUnavailable('It is away.'));
    const snapshots = createSnapshots({
      ...readModels,
      findEach: away,
      load: away,
      write: away,
      prepare: away,
    });
    const histories = createHistories(log, clock, snapshots, DENSE);
    expect((await histories.pastOf('e-1', 5)).execution).toMatchObject({ doc: { status: 'completed' } });
  });
});
