import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteReadModels } from '../../src/adapters/sqlite/read-models.ts';
import { sagalogAt } from './sagalog-at.ts';
import { serveApi, type ServedApi } from './served-api.ts';
import { APPROVED, approve, endOf, register, start } from './workflows.ts';

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi();
});

afterAll(() => api.close());

interface Shown {
  readonly name: string;
  readonly state: string;
  readonly position: string;
  readonly parked: number;
  readonly lastError: { readonly eventId: string | null } | null;
}

const executions = async (): Promise<Shown | undefined> => {
  const { projections } = await api.query<{ projections: readonly Shown[] }>(
    '{ projections { name state position parked lastError { eventId } } }',
  );
  return projections.find(({ name }) => name === 'executions');
};

/** How the view is once it stands at an event, or has folded everything up to a position. */
const shownAt = async (end: bigint): Promise<Shown> => {
  for (;;) {
    const shown = await executions();
    if (shown?.state === 'STOPPED' || BigInt(shown?.position ?? 0) >= end) return shown as Shown;
    await setImmediate();
  }
};

/** Damages the document of an execution in the file of a server that is away, so that no event can be folded into it. */
const damage = async (key: string): Promise<void> => {
  const readModels = await openSqliteReadModels({ path: join(api.data, 'views.db') });
  try {
    const record = (await readModels.projections()).find(({ name }) => name === 'executions');
    const collection = `executions_${record?.generation}`;
    const found = (await readModels.load(collection, [key])).get(key);
    if (found === undefined) throw new Error(`Expected the document of ${key}, but there is none.`);
    const doc = { ...found.doc, underWay: null };
    const { position } = found;
    expect(await readModels.write(collection, [{ key, doc, position, expected: position }])).toEqual([]);
  } finally {
    await readModels.close();
  }
};

it('lets a view go past events that it cannot fold, and a rebuild makes up for them', async () => {
  await register(api, APPROVED);
  const { executionId } = await start(api, 'approved_delivery', { order: 'O-1' });
  await expect
    .poll(() => api.query(`{ execution(id: "${executionId}") { waiting } }`))
    .toEqual({ execution: { waiting: 'signal' } });
  // What it wrote last it has at hand, and would not read again.
  await api.kill();
  await damage(executionId);
  api = await serveApi(api.data);
  const sagalog = sagalogAt(api);
  await approve(api, executionId);
  const end = BigInt(await endOf(api, executionId));
  await shownAt(end);
  expect(await sagalog('projections', 'retry', 'executions')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('PROJECTION_FAILED: Expected the projection "executions" to fold'),
  });
  const stopped = await api.get('/metrics');
  expect(stopped.body).toContain(
    'sagalog_projection_last_error{projection="executions",code="projection_failed"} 1',
  );
  let parked = 0;
  for (let shown = await shownAt(end); shown.state === 'STOPPED'; shown = await shownAt(end)) {
    const { eventId } = shown.lastError ?? {};
    await sagalog('projections', 'park', 'executions', String(eventId), '--reason', 'damaged');
    parked += 1;
  }
  expect(parked).toBeGreaterThan(0);
  expect(await executions()).toMatchObject({ parked, lastError: null });
  const { parkedEvents } = await api.query<{ parkedEvents: readonly object[] }>(
    '{ parkedEvents(name: "executions") { projection eventId type stream revision error reason parkedBy } }',
  );
  expect(parkedEvents).toHaveLength(parked);
  expect(parkedEvents[0]).toMatchObject({
    projection: 'executions',
    stream: `execution-${executionId}`,
    error: expect.stringContaining('Expected the projection "executions" to fold'),
    reason: 'damaged',
    parkedBy: 'anonymous',
  });
  const listed = await sagalog('projections', 'parked', 'executions');
  expect(listed).toMatchObject({ code: 0 });
  expect(listed.output.split('\n').filter((line) => line.includes('damaged'))).toHaveLength(parked);
  const { body } = await api.get('/metrics');
  expect(body).toContain(`sagalog_projection_parked_events{projection="executions"} ${parked}`);
  expect(await sagalog('projections', 'rebuild', 'executions')).toMatchObject({ code: 0 });
  expect(await api.query(`{ execution(id: "${executionId}") { status } }`)).toEqual({
    execution: { status: 'COMPLETED' },
  });
  expect(await sagalog('projections', 'verify', 'executions')).toMatchObject({ code: 0 });
});
