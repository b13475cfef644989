import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';
import { APPROVED, register, start } from './workflows.ts';

interface Progress {
  readonly dryRun: boolean;
  readonly matched: number;
  readonly statuses: readonly { readonly status: string; readonly count: number }[];
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: readonly { readonly code: string; readonly count: number }[];
  readonly endCursor: string | null;
  readonly hasMore: boolean;
  readonly position: string;
}

const COUNT = 7;

describe('an operation on many executions', () => {
  let api: ServedApi;
  let latest: string;

  beforeAll(async () => {
    api = await serveApi();
    await register(api, APPROVED);
    const started = [];
    for (let n = 0; n < COUNT; n += 1)
      started.push(await start(api, 'approved_delivery', { order: `O-${n}` }));
    latest = started.at(-1)?.position ?? '0';
  });

  afterAll(() => api.close());

  const bulk = async (operation: string, more: string, variables: object = {}): Promise<Progress> => {
    const { operateExecutions } = await api.query<{ operateExecutions: Progress }>(
      `mutation ($after: String, $waitFor: Position) {
        operateExecutions(operation: ${operation}, reason: "an operator says so", after: $after, waitFor: $waitFor, ${more}) {
          dryRun matched statuses { status count } changed unchanged refused { code count executionIds } endCursor hasMore position
        }
      }`,
      variables,
    );
    return operateExecutions;
  };

  const WAITING = 'filter: { workflow: "approved_delivery", status: [RUNNING, PAUSED] }';

  it('is counted first, and does nothing then', async () => {
    const counted = await bulk('{ action: PAUSE }', `${WAITING}, dryRun: true`, { waitFor: latest });
    expect(counted).toMatchObject({
      dryRun: true,
      matched: COUNT,
      statuses: [{ status: 'RUNNING', count: COUNT }],
      changed: 0,
      unchanged: 0,
      refused: [],
      hasMore: false,
      position: '0',
    });
  });

  it('goes on call by call, meets each once, and none that was started meanwhile', async () => {
    const calls: Progress[] = [];
    let after: string | null = null;
    do {
      const call: Progress = await bulk('{ action: PAUSE }', `${WAITING}, atMost: 3`, {
        after,
        waitFor: latest,
      });
      calls.push(call);
      after = call.endCursor;
      if (calls.length === 1) await start(api, 'approved_delivery', { order: 'late' });
    } while (calls.at(-1)?.hasMore);
    expect(calls.map(({ changed }) => changed)).toEqual([3, 3, 1]);
    expect(calls.every(({ dryRun, unchanged, refused }) => !dryRun && unchanged + refused.length === 0)).toBe(
      true,
    );
    const { position } = calls.reduce((last, call) =>
      BigInt(call.position) > BigInt(last.position) ? call : last,
    );
    const { executions } = await api.query<{ executions: { nodes: { status: string }[] } }>(
      'query ($waitFor: Position) { executions(first: 100, waitFor: $waitFor) { nodes { status } } }',
      { waitFor: position },
    );
    const paused = executions.nodes.filter(({ status }) => status === 'PAUSED');
    expect([executions.nodes.length, paused.length]).toEqual([COUNT + 1, COUNT]);
    const again = await bulk('{ action: PAUSE }', 'filter: { status: [PAUSED] }', { waitFor: position });
    expect(again).toMatchObject({ matched: COUNT, changed: 0, unchanged: COUNT, refused: [] });
  });

  it('says which refused it, and why', async () => {
    const retried = await bulk('{ action: RETRY }', 'filter: { workflow: "approved_delivery" }');
    expect(retried).toMatchObject({
      changed: 0,
      refused: [{ code: 'EXECUTION_NOT_FAILED', count: COUNT + 1 }],
    });
    const skipped = await bulk('{ action: SKIP_STEP, step: "nobody" }', 'filter: { status: [PAUSED] }');
    expect(skipped.refused).toMatchObject([{ code: 'STEP_NOT_FOUND', count: COUNT }]);
  });

  it('has them go on with another version', async () => {
    await register(
      api,
      APPROVED.replace(/$/, '\n    - { name: thank, set: { variables: { thanked: true } } }\n'),
    );
    const migrated = await bulk('{ action: MIGRATE, to: 2 }', 'filter: { status: [PAUSED] }');
    expect(migrated).toMatchObject({ changed: COUNT, refused: [] });
    const back = await bulk('{ action: MIGRATE, to: 3 }', 'filter: { status: [PAUSED] }');
    expect(back.refused).toMatchObject([{ code: 'VERSION_NOT_FOUND', count: COUNT }]);
  });

  it('does whatever can be done to one', async () => {
    const filter = 'filter: { status: [PAUSED] }';
    const set = await bulk('{ action: SET_VARIABLES, variables: { urgent: true } }', filter);
    expect(set.changed).toBe(COUNT);
    expect(
      await bulk('{ action: SIGNAL, signal: "approved", payload: { by: "Ada" } }', filter),
    ).toMatchObject({
      changed: COUNT,
    });
    const resumed = await bulk('{ action: RESUME }', filter, { waitFor: set.position });
    expect(resumed.changed).toBe(COUNT);
    const ended = await bulk(
      '{ action: TERMINATE }',
      'filter: { workflow: "approved_delivery", status: [RUNNING] }',
      {
        waitFor: resumed.position,
      },
    );
    expect(ended.matched).toBeGreaterThanOrEqual(1);
  });

  it.each([
    ['all there are', '{ action: PAUSE }', 'filter: {}', 'filter'],
    ['a step that is not named', '{ action: SKIP_STEP }', WAITING, 'operation.step'],
    ['no version', '{ action: MIGRATE }', WAITING, 'operation.to'],
    ['no variables', '{ action: SET_VARIABLES }', WAITING, 'operation.variables'],
    ['more than a call does', '{ action: PAUSE }', `${WAITING}, atMost: 501`, 'atMost'],
    ['a cursor of something else', '{ action: PAUSE }', `${WAITING}, after: "abc"`, 'after'],
  ])('is refused for %s', async (_name, operation, more, field) => {
    const [error] = await api.refusal(
      `mutation { operateExecutions(operation: ${operation}, ${more}) { matched } }`,
    );
    expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });
});
