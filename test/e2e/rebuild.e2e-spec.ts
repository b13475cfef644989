import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteReadModels } from '../../src/adapters/sqlite/read-models.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { sagalogAt } from './sagalog-at.ts';
import { serveApi, type ServedApi } from './served-api.ts';
import { endOf, NOTE, register, start } from './workflows.ts';

let api: ServedApi;
let position = '';

let sagalog: ReturnType<typeof sagalogAt>;

beforeAll(async () => {
  api = await serveApi();
  sagalog = sagalogAt(api);
  await register(api, NOTE);
  for (let n = 0; n < 5; n += 1) position = await endOf(api, (await start(api, 'note')).executionId);
  await api.query('query ($waitFor: Position) { executions(waitFor: $waitFor) { nodes { id } } }', {
    waitFor: position,
  });
});

afterAll(() => api.close());

/** Changes a document of the view of executions in the server's own file. */
const corrupt = async (): Promise<string> => {
  const readModels = await openSqliteReadModels({ path: join(api.data, 'views.db') });
  try {
    const record = (await readModels.projections()).find(({ name }) => name === 'executions');
    const collection = `executions_${record?.generation}`;
    const [found] = await readModels.find(collection, { limit: 1 });
    if (found === undefined) throw new Error('Expected an execution, but there is none.');
    const doc = { ...found.doc, status: 'running' };
    await readModels.write(collection, [{ ...found, doc, expected: found.position }]);
    return found.key;
  } finally {
    await readModels.close();
  }
};

it('verifies the views from the command line, names what was changed, and heals it', async () => {
  const right = await sagalog('projections', 'verify');
  expect(right).toMatchObject({ code: 0 });
  for (const { name } of PROJECTIONS) expect(right.output).toMatch(new RegExp(`${name} .* none\n`));
  const id = await corrupt();
  const wrong = await sagalog('projections', 'verify', 'executions', 'timeline');
  expect(wrong).toMatchObject({ code: 1 });
  expect(wrong.output).toContain(`executions ${id}\n  found    {`);
  expect(wrong.output).toMatch(/found .*"status":"running".*\n.*expected .*"status":"completed"/);
  expect(await api.query(`{ execution(id: "${id}") { status } }`)).toEqual({
    execution: { status: 'RUNNING' },
  });
  const byDay = await sagalog('verify', '--read-models');
  const today = new Date().toISOString().slice(0, 4);
  expect(byDay).toMatchObject({ code: 1 });
  expect(byDay.output).toMatch(
    new RegExp(`^execution ${today}-\\d\\d-\\d\\d: \\d+ events, [0-9a-f]{16}$`, 'm'),
  );
  expect(byDay.output).toMatch(/^ {2}executions +\d +\d +([0-9a-f]{16}) +(?!\1)[0-9a-f]{16} +1$/m);
  expect(byDay.output).toMatch(/^ {2}logs +(\d+) +\1 +([0-9a-f]{16}) +\2 +none$/m);
  expect(byDay.output).toContain(`executions ${id}\n  found    {`);
  expect(await sagalog('projections', 'rebuild', 'executions')).toMatchObject({ code: 0 });
  expect(await sagalog('verify', '--read-models')).toMatchObject({ code: 0 });
  expect(await api.query(`{ execution(id: "${id}") { status } }`)).toEqual({
    execution: { status: 'COMPLETED' },
  });
  expect(await sagalog('projections', 'verify', 'executions')).toMatchObject({ code: 0 });
  expect(await sagalog('projections', 'rollback', 'executions')).toMatchObject({ code: 0 });
  expect(await api.query(`{ execution(id: "${id}") { status } }`)).toEqual({
    execution: { status: 'RUNNING' },
  });
  expect(await sagalog('projections', 'rollback', 'executions')).toMatchObject({ code: 0 });
  expect(await api.query(`{ execution(id: "${id}") { status } }`)).toEqual({
    execution: { status: 'COMPLETED' },
  });
  await expect
    .poll(async () => (await sagalog('projections', 'list')).output)
    .toMatch(/executions +running +\d+ +\d+ +\d+ +0 /);
});

it('names from the command line what the store finds by something else than it says', async () => {
  const id = (await start(api, 'note')).executionId;
  await endOf(api, id);
  expect(await sagalog('projections', 'verify', 'executions')).toMatchObject({ code: 0 });
  const views = new DatabaseSync(join(api.data, 'views.db'));
  const record = views.prepare("SELECT generation FROM projections WHERE name = 'executions'").get();
  views
    .prepare(`UPDATE doc_executions_${String(record?.['generation'])} SET f_status = 'lost' WHERE key = ?`)
    .run(id);
  views.close();
  for (const command of [
    ['projections', 'verify', 'executions'],
    ['verify', '--read-models', 'executions'],
  ]) {
    const { code, output } = await sagalog(...command);
    expect(code).toBe(1);
    expect(output).toContain(
      `executions ${id}, by what it is found\n  found    {"status":"lost"}\n  expected {"status":"completed"}`,
    );
  }
  expect(await sagalog('projections', 'rebuild', 'executions')).toMatchObject({ code: 0 });
  expect(await sagalog('projections', 'verify', 'executions')).toMatchObject({ code: 0 });
});

it('refuses what cannot be, with a code', async () => {
  expect(await sagalog('projections', 'rebuild', 'nobody')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('PROJECTION_NOT_FOUND'),
  });
  expect(await sagalog('projections', 'rollback', 'timeline')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('NOTHING_KEPT'),
  });
  expect(await sagalog('projections', 'resume', 'timeline')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('REBUILD_NOT_RUNNING'),
  });
  expect(await sagalog('projections', 'retry', 'timeline')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('PROJECTION_NOT_STOPPED'),
  });
  const event = '0190d3c8-5f0e-8000-8000-0123456789ab';
  expect(await sagalog('projections', 'park', 'timeline', event, '--reason', 'known')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('PROJECTION_NOT_STOPPED'),
  });
  expect(await sagalog('projections', 'park', 'timeline', 'that one')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('the id of an event of the log, such as'),
  });
  expect(await sagalog('projections', 'park', 'timeline')).toMatchObject({ code: 2 });
  expect(await sagalog('projections', 'parked', 'nobody')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('PROJECTION_NOT_FOUND'),
  });
  expect(await sagalog('projections', 'rollback')).toMatchObject({ code: 2 });
  expect(await sagalog('verify')).toMatchObject({ code: 2 });
  expect(
    await api.refusal('mutation { rebuildProjection(name: "timeline", maxShare: 0) { position } }'),
  ).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'maxShare' } }]);
});
