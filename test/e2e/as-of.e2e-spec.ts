import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';
import { APPROVED, approve, awaited, endOf, register, start } from './workflows.ts';

const EXECUTION = `query ($id: ID!, $asOf: AsOf, $waitFor: Position) {
  execution(id: $id, asOf: $asOf, waitFor: $waitFor) { status step waiting revision position updatedAt variables input }
}`;
const TIMELINE = `query ($id: ID!, $asOf: AsOf, $waitFor: Position) {
  timeline(executionId: $id, asOf: $asOf, first: 100, waitFor: $waitFor) { nodes { id status endedAt output depth parentStep idle { duration waiting } childExecution { id } } }
}`;

interface Found {
  readonly execution: {
    readonly revision: number;
    readonly position: string;
    readonly updatedAt: string;
  } | null;
}

/** Position of the latest event of an execution, which the log has at once. */
const latestOf = async (api: ServedApi, id: string): Promise<string> => {
  const { events } = await api.query<{ events: { nodes: readonly { position: string }[] } }>(
    'query ($id: ID!) { events(executionId: $id, first: 100) { nodes { position } } }',
    { id },
  );
  return events.nodes.at(-1)?.position ?? '0';
};

const MONITORING = `query ($asOf: LogAsOf, $waitFor: Position) {
  monitoring(workflow: "approved_delivery", asOf: $asOf, waitFor: $waitFor) { activeWorkflows completedToday averageDuration today { from to } position }
}`;

interface Counted {
  readonly monitoring: { readonly position: string; readonly completedToday: number };
}

describe('an execution as it was', () => {
  let api: ServedApi;

  beforeAll(async () => {
    api = await serveApi();
    await register(api, APPROVED);
  });

  afterAll(() => api.close());

  it('is answered by the position, the revision and the time at which it was so', async () => {
    const { executionId: id } = await start(api, 'approved_delivery', { order: 'o-1' });
    await awaited(api, id);
    const position = await latestOf(api, id);
    const before = await api.query<Found>(EXECUTION, { id, waitFor: position });
    const entries = await api.query(TIMELINE, { id, waitFor: position });
    expect(before).toMatchObject({
      execution: { status: 'RUNNING', waiting: 'signal', variables: { reservation: 'o-1' } },
    });
    const { revision = 0, updatedAt } = before.execution ?? {};
    await approve(api, id);
    const waitFor = await endOf(api, id);
    expect(await api.query(EXECUTION, { id, waitFor })).toMatchObject({ execution: { status: 'COMPLETED' } });
    for (const asOf of [{ revision }, { position }]) {
      expect(await api.query(EXECUTION, { id, asOf })).toEqual(before);
      expect(await api.query(TIMELINE, { id, asOf })).toEqual(entries);
    }
    const then = await api.query<Found>(EXECUTION, { id, asOf: { at: updatedAt } });
    expect(then.execution?.revision).toBeGreaterThanOrEqual(revision);
    expect(await api.query(EXECUTION, { id, asOf: { at: '2001-01-01T00:00:00Z' } })).toEqual({
      execution: null,
    });
  });

  it.each([
    ['{ revision: 1, position: "1" }', 'BAD_USER_INPUT', 'asOf'],
    ['{}', 'BAD_USER_INPUT', 'asOf'],
    ['{ revision: -1 }', 'BAD_USER_INPUT', 'asOf.revision'],
    ['{ time: 5 }', 'BAD_USER_INPUT', 'asOf.time'],
    ['{ position: "99999999" }', 'AS_OF_AHEAD', 'asOf.position'],
    ['{ at: "2999-01-01T00:00:00Z" }', 'AS_OF_AHEAD', 'asOf.at'],
  ])('is refused as of %s', async (asOf, code, field) => {
    const { executionId } = await start(api, 'approved_delivery', { order: 'o-2' });
    for (const query of [
      `{ execution(id: "${executionId}", asOf: ${asOf}) { id } }`,
      `{ timeline(executionId: "${executionId}", asOf: ${asOf}) { nodes { id } } }`,
    ])
      expect(await api.refusal(query)).toMatchObject([{ extensions: { code, field } }]);
  });

  it('was counted with the others', async () => {
    const { executionId: id } = await start(api, 'approved_delivery', { order: 'o-3' });
    await awaited(api, id);
    const before = await api.query<Counted>(MONITORING, { waitFor: await latestOf(api, id) });
    await approve(api, id);
    const after = await api.query<Counted>(MONITORING, { waitFor: await endOf(api, id) });
    expect(after.monitoring.completedToday).toBe(before.monitoring.completedToday + 1);
    for (const counted of [before, after]) {
      const { position } = counted.monitoring;
      expect(await api.query(MONITORING, { asOf: { position } })).toEqual(counted);
    }
  });

  it.each([
    ['{ position: "1", at: "2001-01-01T00:00:00Z" }', 'BAD_USER_INPUT', 'asOf'],
    ['{}', 'BAD_USER_INPUT', 'asOf'],
    ['{ revision: 1 }', 'BAD_USER_INPUT', 'asOf.revision'],
    ['{ position: "99999999" }', 'AS_OF_AHEAD', 'asOf.position'],
    ['{ at: "2999-01-01T00:00:00Z" }', 'AS_OF_AHEAD', 'asOf.at'],
  ])('is not counted as of %s', async (asOf, code, field) => {
    expect(await api.refusal(`{ monitoring(asOf: ${asOf}) { position } }`)).toMatchObject([
      { extensions: { code, field } },
    ]);
  });
});
