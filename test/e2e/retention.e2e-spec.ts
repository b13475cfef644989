import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gunzipSync, gzipSync } from 'node:zlib';
import { runSagalog, sagalogAt } from './sagalog-at.ts';
import { serveApi, type ServedApi } from './served-api.ts';
import { APPROVED, endOf, NOTE, register, start } from './workflows.ts';

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi();
});

afterAll(() => api.close());

const TIMELINE = `query ($id: ID!, $waitFor: Position) {
  timeline(executionId: $id, waitFor: $waitFor) { nodes { step status } } }`;

interface Shown {
  readonly totalCount: string;
  readonly totalIsExact: boolean;
  readonly nodes: readonly { readonly id: string }[];
}

/** Ids of the executions that are shown, and counted, once the views are at a position. */
const shown = async (waitFor: string): Promise<readonly string[]> => {
  const { executions } = await api.query<{ executions: Shown }>(
    'query ($waitFor: Position) { executions(waitFor: $waitFor) { totalCount totalIsExact nodes { id } } }',
    { waitFor },
  );
  expect(executions).toMatchObject({ totalCount: String(executions.nodes.length), totalIsExact: true });
  return executions.nodes.map(({ id }) => id).sort();
};

it('removes what is kept no longer, archives it, and a rebuild does not bring it back', async () => {
  const sagalog = sagalogAt(api);
  await register(api, NOTE.replace('workflow: note', 'workflow: note\n  retention: 1ms'), APPROVED);
  const { executionId: noted } = await start(api, 'note', {}, 'a-key');
  const noteEnd = await endOf(api, noted);
  const { executionId: open } = await start(api, 'approved_delivery', { order: 'O-1' });
  // Not before all views have come to its end.
  await expect
    .poll(() => api.query('mutation { retain(workflow: "note", dryRun: true) { workflows { removed } } }'))
    .toEqual({ retain: { workflows: [{ removed: 1 }] } });
  const dry = await sagalog('retention', 'run', 'note', '--dry-run');
  expect(dry).toMatchObject({ code: 0, output: expect.stringContaining('to be removed') });

  const entries = await api.query(TIMELINE, { id: noted, waitFor: noteEnd });

  const before = new Date().toISOString();
  const RETAIN = `mutation ($before: DateTime) { retain(workflow: "note", before: $before) {
    position workflows { workflow removed left archives { name digest } } } }`;
  const { retain } = await api.query<{
    retain: {
      position: string;
      workflows: readonly { archives: readonly { name: string; digest: string }[] }[];
    };
  }>(RETAIN, { before });
  expect(retain.workflows).toMatchObject([{ workflow: 'note', removed: 1, left: 0 }]);
  expect(await shown(retain.position)).toEqual([open]);
  expect(await api.query(`{ execution(id: "${noted}") { id } }`)).toEqual({ execution: null });

  const [{ name, digest } = { name: '', digest: '' }] = retain.workflows[0]?.archives ?? [];
  const folder = join(api.data, 'archives');
  expect(await readdir(folder)).toEqual([name]);
  const file = join(folder, name);
  const verified = await runSagalog('archive', 'verify', file, '--digest', digest);
  expect(verified).toMatchObject({ code: 0, output: expect.stringContaining('note, batch 1: 1 streams') });
  const forged = join(folder, 'forged.ndjson.gz');
  const text = gunzipSync(await readFile(file)).toString();
  await writeFile(forged, gzipSync(text.replace('"step.completed"', '"step.failed"')));
  const found = await runSagalog('archive', 'verify', forged, '--digest', digest);
  expect(found).toMatchObject({
    code: 1,
    output: expect.stringContaining("Expected the commit's hash to be"),
  });

  const status = await sagalog('retention', 'status');
  expect(status).toMatchObject({ code: 0, output: expect.stringContaining(digest) });

  expect(await sagalog('projections', 'verify')).toMatchObject({ code: 0 });
  expect(await sagalog('projections', 'rebuild')).toMatchObject({ code: 0 });
  expect(await shown(retain.position)).toEqual([open]);

  const again = await start(api, 'note', {}, 'a-key');
  expect(again).toMatchObject({ executionId: noted, created: false });
  expect(await shown(again.position)).toEqual([open]);
  const refusals = await api.refusal(
    `mutation { cancelExecution(executionId: "${noted}", reason: "late") { __typename } }`,
  );
  expect(refusals).toMatchObject([{ extensions: { code: 'EXECUTION_REMOVED' } }]);

  const back = await sagalog('archive', 'import', file);
  expect(back).toMatchObject({ code: 0, output: expect.stringContaining('note: 1 are back, 0 were there') });
  const { importArchive } = await api.query<{ importArchive: { position: string } }>(
    `mutation { importArchive(archive: "${name}") { position workflow restored unchanged } }`,
  );
  expect(importArchive).toMatchObject({ workflow: 'note', restored: 0, unchanged: 1 });
  const end = importArchive.position;
  expect(await shown(end)).toEqual([noted, open].sort());
  expect(await sagalog('archive', 'import', forged)).toMatchObject({
    code: 1,
    errors: expect.stringContaining('Expected forged.ndjson.gz to be as it was written'),
  });
  expect(await api.query(TIMELINE, { id: noted, waitFor: end })).toEqual(entries);
  expect(await sagalog('projections', 'verify')).toMatchObject({ code: 0 });
  expect(await sagalog('projections', 'rebuild')).toMatchObject({ code: 0 });
  expect(await shown(end)).toEqual([noted, open].sort());
});

it('gives up the streams of what was removed, for good, and no figure changes', async () => {
  const sagalog = sagalogAt(api);
  await register(api, NOTE.replace('workflow: note', 'workflow: passing_note\n  retention: 1ms'));
  const { executionId: noted } = await start(api, 'passing_note', {}, 'another-key');
  await endOf(api, noted);
  const RETAIN = `mutation ($dryRun: Boolean!) {
    retain(workflow: "passing_note", dryRun: $dryRun) { position workflows { removed archives { name } } } }`;
  // Not before all views have come to its end.
  await expect
    .poll(() => api.query(RETAIN, { dryRun: true }))
    .toMatchObject({ retain: { workflows: [{ removed: 1 }] } });
  const { retain } = await api.query<{
    retain: { position: string; workflows: readonly { archives: readonly { name: string }[] }[] };
  }>(RETAIN, { dryRun: false });
  const HOUR = 3_600_000;
  const [from, to] = [Date.now() - HOUR, Date.now() + HOUR].map((at) => new Date(at).toISOString());
  const figures = (waitFor: string) =>
    api.query(
      `query ($waitFor: Position, $of: Position, $from: DateTime, $to: DateTime) {
        monitoring(workflow: "passing_note", asOf: { position: $of }) { completedToday averageDuration }
        metrics(workflow: "passing_note", waitFor: $waitFor, from: $from, to: $to) {
          count executionTime { p50 max } } }`,
      { waitFor, of: retain.position, from, to },
    );
  const before = await figures(retain.position);
  expect(before).toMatchObject({ monitoring: { completedToday: 1 }, metrics: { count: 1 } });

  const dry = await sagalog('retention', 'truncate', 'passing_note', '--dry-run');
  expect(dry).toMatchObject({
    code: 0,
    output: expect.stringMatching(/to be truncated[^]*passing_note +1 /),
  });
  const { truncateStreams } = await api.query<{ truncateStreams: { position: string } }>(
    'mutation { truncateStreams(workflow: "passing_note") { position workflows { workflow truncated left } } }',
  );
  expect(truncateStreams).toMatchObject({
    workflows: [{ workflow: 'passing_note', truncated: 1, left: 0 }],
  });
  const status = await sagalog('retention', 'status');
  expect(status).toMatchObject({ code: 0, output: expect.stringMatching(/passing_note +1ms +1 +1 /) });
  expect(await api.query(`{ events(executionId: "${noted}") { nodes { type revision } } }`)).toMatchObject({
    events: { nodes: [{ type: 'execution.removed' }, { type: 'execution.condensed' }] },
  });

  expect(await sagalog('verify', '--read-models')).toMatchObject({ code: 0 });
  expect(await sagalog('projections', 'rebuild')).toMatchObject({ code: 0 });
  expect(await figures(truncateStreams.position)).toEqual(before);
  expect(await shown(truncateStreams.position)).not.toContain(noted);

  const [{ name } = { name: '' }] = retain.workflows[0]?.archives ?? [];
  expect(await api.refusal(`mutation { importArchive(archive: "${name}") { restored } }`)).toMatchObject([
    { extensions: { code: 'EXECUTION_TRUNCATED', conflicts: 1 } },
  ]);
  const started = await start(api, 'passing_note', {}, 'another-key');
  expect(started).toMatchObject({ executionId: noted, created: false });
  expect(
    await api.refusal(`mutation { cancelExecution(executionId: "${noted}", reason: "late") { __typename } }`),
  ).toMatchObject([{ extensions: { code: 'EXECUTION_REMOVED' } }]);
  expect(await api.query(`{ execution(id: "${noted}") { id } }`)).toEqual({ execution: null });
});
