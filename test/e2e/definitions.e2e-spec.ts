import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';

const ONE = 'workflow: letters\nactivities:\n  - name: note\n    set: { variables: { a: 1 } }\n';
const OTHER = ONE.replace('a: 1', 'a: 2');

const CHECK = `query ($source: String!, $waitFor: Position) {
  checkDefinition(source: $source, waitFor: $waitFor) {
    ok problems { code line column path message } warnings { code path }
    version { workflow hash number isNew }
  }
}`;

const REGISTER = `mutation ($source: String!) {
  registerWorkflow(source: $source) { workflow definition number created position }
}`;

interface Registered {
  readonly registerWorkflow: { readonly definition: string; readonly position: string };
}

describe('definitions', () => {
  let api: ServedApi;
  let waitFor: string;
  let first: string;

  beforeAll(async () => {
    api = await serveApi();
    const { registerWorkflow } = await api.query<Registered>(REGISTER, { source: ONE });
    ({ definition: first, position: waitFor } = registerWorkflow);
  });

  afterAll(() => api.close());

  it('are checked without being stored', async () => {
    expect(await api.query(CHECK, { source: ONE, waitFor })).toEqual({
      checkDefinition: {
        ok: true,
        problems: [],
        warnings: [],
        version: { workflow: 'letters', hash: first, number: 1, isNew: false },
      },
    });
    const bad = OTHER.replace('set:', 'sett:');
    expect(await api.query(CHECK, { source: bad })).toMatchObject({
      checkDefinition: {
        ok: false,
        problems: [{ code: 'UNKNOWN_FIELD', line: 4, column: 5, path: 'activities[0].sett' }],
        warnings: [],
        version: null,
      },
    });
    const behind = `${OTHER}  - { name: over, end: true }\n  - { name: late, set: { variables: { a: 3 } } }\n`;
    for (const source of [behind, behind]) {
      expect(await api.query(CHECK, { source })).toMatchObject({
        checkDefinition: {
          ok: true,
          warnings: [{ code: 'UNREACHABLE_STEP', path: 'activities[2].name' }],
          version: { number: 2, isNew: true },
        },
      });
    }
    const [refusal] = await api.refusal('{ checkDefinition(source: "") { ok } }');
    expect(refusal?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'source' });
  });

  it('are versions, one of which new executions run, until it is retired', async () => {
    const { registerWorkflow: second } = await api.query<Registered>(REGISTER, { source: OTHER });
    expect(second).toMatchObject({ number: 2, created: true });
    const decide = async (mutation: string): Promise<void> => {
      const answer = await api.query<Record<string, { readonly position: string }>>(
        `mutation { ${mutation} { position } }`,
      );
      waitFor = Object.values(answer)[0]?.position ?? '';
    };
    const startedBy = async (more = ''): Promise<string> => {
      const { startExecution } = await api.query<{
        startExecution: { executionId: string; position: string };
      }>(`mutation { startExecution(workflow: "letters"${more}) { executionId position } }`);
      const { executionId: id, position } = startExecution;
      const { execution } = await api.query<{ execution: { definition: string } }>(
        'query ($id: ID!, $waitFor: Position) { execution(id: $id, waitFor: $waitFor) { definition } }',
        { id, waitFor: position },
      );
      return execution.definition;
    };
    expect(await startedBy()).toBe(second.definition);
    expect(await startedBy(', version: 1')).toBe(first);
    await decide('setDefaultVersion(workflow: "letters", version: 1, reason: "the second is slow")');
    expect(await startedBy()).toBe(first);
    await decide('retireWorkflow(workflow: "letters", version: 2)');
    const version = {
      registeredAt: expect.stringMatching(/Z$/) as string,
      by: 'anonymous',
      triggerEvent: null,
    };
    expect(
      await api.query(
        `query ($waitFor: Position) { workflow(name: "letters", waitFor: $waitFor) {
          latestVersion defaultVersion retired
          versions(first: 5) { nodes { number hash registeredAt by triggerEvent isDefault retired source } pageInfo { hasNextPage } }
        } }`,
        { waitFor },
      ),
    ).toEqual({
      workflow: {
        latestVersion: 2,
        defaultVersion: 1,
        retired: false,
        versions: {
          nodes: [
            {
              ...version,
              number: 2,
              hash: second.definition,
              isDefault: false,
              retired: true,
              source: OTHER,
            },
            { ...version, number: 1, hash: first, isDefault: true, retired: false, source: ONE },
          ],
          pageInfo: { hasNextPage: false },
        },
      },
    });
    const DIFF = `query ($to: Int!) { diffDefinitions(workflow: "letters", from: 1, to: $to) {
      added { name } removed { name } moved { name } changed { name keys { key from to } } blocks { key }
      variables { added removed } activities { added removed }
    } }`;
    const key = { key: 'set', from: { variables: { a: 1 } }, to: { variables: { a: 2 } } };
    const [none, no] = [[], { added: [], removed: [] }];
    const same = { added: none, removed: none, moved: none, changed: none, blocks: none };
    expect(await api.query(DIFF, { to: 2 })).toEqual({
      diffDefinitions: {
        ...same,
        changed: [{ name: 'note', keys: [key] }],
        variables: no,
        activities: no,
      },
    });
    expect((await api.refusal(DIFF, { to: 3 }))[0]?.extensions['code']).toBe('VERSION_NOT_FOUND');
    expect((await api.refusal(DIFF, { to: 0 }))[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    const START =
      'mutation ($version: Int) { startExecution(workflow: "letters", version: $version) { position } }';
    const codeOf = async (number?: number): Promise<unknown> =>
      (await api.refusal(START, { version: number ?? null }))[0]?.extensions['code'];
    expect(await codeOf(2)).toBe('VERSION_RETIRED');
    expect(await codeOf(3)).toBe('VERSION_NOT_FOUND');
    expect(await codeOf(0)).toBe('BAD_USER_INPUT');
    await decide('retireWorkflow(workflow: "letters", reason: "nobody writes any more")');
    expect(await codeOf()).toBe('WORKFLOW_RETIRED');
    await decide('unretireWorkflow(workflow: "letters")');
    await decide('unretireWorkflow(workflow: "letters", version: 2)');
    await decide('setDefaultVersion(workflow: "letters")');
    expect(await startedBy()).toBe(second.definition);
  });
});

describe('a schedule', () => {
  it('is shown, paused and resumed', async () => {
    const api = await serveApi();
    onTestFinished(() => api.close());
    const source =
      'workflow: tidy\ntrigger:\n  schedule: { cron: 30 4 1 1 *, time_zone: Asia/Tokyo, overlap: queue }\nactivities:\n  - name: note\n    set: { variables: { a: 1 } }\n';
    await api.query(REGISTER, { source });
    const SHOW = `query ($waitFor: Position) { schedule(workflow: "tidy", runs: 2, waitFor: $waitFor) {
      workflow cron timeZone overlap catchUp nextRuns lastRun { executionId } waiting pause { by reason }
    } }`;
    const shown = {
      workflow: 'tidy',
      cron: '30 4 1 1 *',
      timeZone: 'Asia/Tokyo',
      overlap: 'QUEUE',
      catchUp: 'NONE',
      lastRun: null,
      waiting: 0,
    };
    const next = expect.stringMatching(/^\d{4}-12-31T19:30:00\.000Z$/) as string;
    const nextRuns = [next, next];
    expect(await api.query(SHOW)).toEqual({ schedule: { ...shown, nextRuns, pause: null } });
    const { pauseSchedule } = await api.query<{ pauseSchedule: { position: string } }>(
      'mutation { pauseSchedule(workflow: "tidy", reason: "a holiday") { position } }',
    );
    expect(await api.query(SHOW, { waitFor: pauseSchedule.position })).toEqual({
      schedule: { ...shown, nextRuns: [], pause: { by: 'anonymous', reason: 'a holiday' } },
    });
    const { resumeSchedule } = await api.query<{ resumeSchedule: { position: string } }>(
      'mutation { resumeSchedule(workflow: "tidy") { position } }',
    );
    expect(await api.query(SHOW, { waitFor: resumeSchedule.position })).toEqual({
      schedule: { ...shown, nextRuns, pause: null },
    });
    expect(await api.query('{ schedule(workflow: "nobody") { cron } }')).toEqual({ schedule: null });
    const [refusal] = await api.refusal('mutation { pauseSchedule(workflow: "nobody") { position } }');
    expect(refusal?.extensions['code']).toBe('SCHEDULE_NOT_FOUND');
  });
});

const sagalog = (...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, ['dist/cli/sagalog.js', ...args], (_error, out) => {
      resolve({ code: child.exitCode ?? -1, out });
    });
  });

describe('sagalog check', () => {
  it('prints what is wrong with the definitions of a folder, and fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sagalog-check-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'good.yaml'), ONE);
    await writeFile(join(folder, 'bad.yaml'), ONE.replace('letters', 'Letters'));
    const { code, out } = await sagalog('check', folder);
    expect(out).toMatch(new RegExp(`^${folder}/bad\\.yaml:1:11: Expected .+, but .+\n$`));
    expect(code).toBe(1);
    expect(await sagalog('check', join(folder, 'good.yaml'))).toEqual({ code: 0, out: '' });
    expect((await sagalog('check', join(folder, 'none.yaml'))).code).toBe(1);
    expect((await sagalog('check')).code).toBe(2);
  });

  it('ends without a word when nobody reads on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sagalog-check-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'bad.yaml'), ONE.replace('letters', 'Letters'));
    const child = spawn(process.execPath, ['dist/cli/sagalog.js', 'check', folder]);
    child.stdout.destroy();
    expect(await text(child.stderr)).not.toContain('EPIPE');
  });
});
