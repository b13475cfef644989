import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';
import { APPROVED, approve, awaited, endOf, NOTE, PARCEL, register, start } from './workflows.ts';

const text = expect.any(String) as string;
const number = expect.any(Number) as number;
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const whole = expect.stringMatching(/^\d+$/) as string;
const position = expect.stringMatching(/^[1-9]\d*$/) as string;
const hash = expect.stringMatching(/^[\w-]{43}$/) as string;

describe('the API', () => {
  let api: ServedApi;

  beforeAll(async () => {
    api = await serveApi();
    await register(api, APPROVED, PARCEL, NOTE);
  });

  afterAll(() => api.close());

  it('says whether the server lives and is ready', async () => {
    const health = await api.get('/healthz');
    expect([health.status, JSON.parse(health.body)]).toEqual([200, { status: 'ok' }]);
    await expect.poll(async () => (await api.get('/readyz')).status).toBe(200);
    const { body } = await api.get('/readyz');
    const ok = { ok: true };
    expect(JSON.parse(body)).toEqual({
      ready: true,
      parts: { start: ok, keys: ok, log: ok, readModels: ok, projections: ok, threads: ok },
    });
  });

  it('registers a definition once, and shows it', async () => {
    const REGISTER = `mutation ($source: String!) {
      registerWorkflow(source: $source) { workflow definition number created warnings { code } position }
    }`;
    const source = PARCEL.replaceAll('parcel', 'letter');
    const first = await api.query<{ registerWorkflow: { position: string } }>(REGISTER, { source });
    expect(first.registerWorkflow).toEqual({
      workflow: 'letter',
      definition: expect.stringMatching(/^sha256:/) as string,
      number: 1,
      created: true,
      warnings: [],
      position,
    });
    const again = await api.query(REGISTER, { source });
    expect(again).toMatchObject({ registerWorkflow: { number: 1, created: false, position } });
    const { workflow } = await api.query<{ workflow: object }>(
      `query ($waitFor: Position!) {
        workflow(name: "letter", waitFor: $waitFor) { name latestVersion defaultVersion retired triggerEvent definition source registeredAt position }
      }`,
      { waitFor: first.registerWorkflow.position },
    );
    expect(workflow).toEqual({
      name: 'letter',
      latestVersion: 1,
      defaultVersion: 1,
      retired: false,
      triggerEvent: 'letter:sent',
      definition: text,
      source,
      registeredAt: time,
      position,
    });
    expect(await api.query('{ workflow(name: "nobody") { name } execution(id: "nobody") { id } }')).toEqual({
      workflow: null,
      execution: null,
    });
  });

  it('lists what is to be decided, and takes a decision of who is asked', async () => {
    await register(
      api,
      'execution:\n  workflow: offer\n  activities:\n    - name: sign\n      approval: { assignees: [ann], timeout: 2d }\n',
    );
    const { executionId: id, position: waitFor } = await start(api, 'offer');
    const { approvals } = await api.query<{ approvals: object }>(
      `query ($waitFor: Position) {
        approvals(assignee: "ann", waitFor: $waitFor) {
          nodes { executionId workflow step attempt assignees requestedAt dueAt position }
        }
      }`,
      { waitFor },
    );
    const asked = { executionId: id, workflow: 'offer', step: 'sign', attempt: 1, assignees: ['ann'] };
    expect(approvals).toEqual({ nodes: [{ ...asked, requestedAt: time, dueAt: time, position }] });

    const DECIDE = `mutation ($id: ID!, $by: String) {
      decideApproval(executionId: $id, step: "sign", decision: REJECTED, comment: "too dear", by: $by) {
        __typename ... on ApprovalDecided { position decision by changed status }
        ... on ApprovalAlreadyDecided { decision by at } } }`;
    const [refused] = await api.refusal(DECIDE, { id });
    expect(refused?.extensions).toMatchObject({ code: 'NOT_AN_ASSIGNEE', field: 'by' });
    const { decideApproval } = await api.query<{ decideApproval: { position: string } }>(DECIDE, {
      id,
      by: 'ann',
    });
    const decided = { __typename: 'ApprovalDecided', decision: 'REJECTED', by: 'ann', status: 'COMPLETED' };
    expect(decideApproval).toMatchObject({ ...decided, changed: true });
    expect(await api.query(DECIDE, { id, by: 'ann' })).toMatchObject({
      decideApproval: { ...decided, changed: false },
    });
    expect(await api.query(DECIDE, { id, by: 'bob' })).toEqual({
      decideApproval: { __typename: 'ApprovalAlreadyDecided', decision: 'REJECTED', by: 'ann', at: time },
    });
    const answer = await api.query(
      `query ($id: ID!, $waitFor: Position) {
        approvals(waitFor: $waitFor) { nodes { step } }
        timeline(executionId: $id, waitFor: $waitFor) { nodes { kind status step input output } }
      }`,
      { id, waitFor: decideApproval.position },
    );
    expect(answer).toEqual({
      approvals: { nodes: [] },
      timeline: {
        nodes: [
          { kind: 'EXECUTION', status: 'COMPLETED', step: null, input: {}, output: null },
          {
            kind: 'APPROVAL',
            status: 'COMPLETED',
            step: 'sign',
            input: null,
            output: { decision: 'rejected', by: 'ann', comment: 'too dear', at: time },
          },
          {
            kind: 'DECISION',
            status: 'REJECTED',
            step: 'sign',
            input: { by: 'ann', comment: 'too dear' },
            output: null,
          },
        ],
      },
    });
  });

  it('starts an execution once for a key, and shows it as soon as it is waited for', async () => {
    const started = await start(api, 'parcel', { weight: 3 }, 'a-key');
    expect(started).toEqual({ executionId: text, created: true, position });
    expect(await start(api, 'parcel', { weight: 3 }, 'a-key')).toEqual({ ...started, created: false });
    const { execution } = await api.query<{ execution: object }>(
      `query ($id: ID!, $waitFor: Position) {
        execution(id: $id, waitFor: $waitFor) { id workflow trigger triggeredBy input event startedAt position }
      }`,
      { id: started.executionId, waitFor: started.position },
    );
    expect(execution).toEqual({
      id: started.executionId,
      workflow: 'parcel',
      trigger: 'manual',
      triggeredBy: 'user',
      input: { weight: 3 },
      event: null,
      startedAt: time,
      position,
    });
  });

  it('starts what an event triggers, once for a key', async () => {
    const EMIT = `mutation ($weight: Float!) {
      emitEvent(type: "parcel:sent", payload: { weight: $weight }, idempotencyKey: "a-parcel") {
        eventId position executions { executionId created position }
      }
    }`;
    const emit = () =>
      api.query<{ emitEvent: { executions: { executionId: string }[] } }>(
        EMIT.replace('$weight: Float!', '$weight: JSON!'),
        { weight: 11.5 },
      );
    const { emitEvent } = await emit();
    expect(emitEvent).toEqual({
      eventId: text,
      position,
      executions: [{ executionId: text, created: true, position }],
    });
    const again = await emit();
    expect(again.emitEvent).toMatchObject({
      executions: [{ executionId: emitEvent.executions[0]?.executionId, created: false }],
    });
    const light = await api.query<{ emitEvent: object }>(
      'mutation { emitEvent(type: "parcel:sent", payload: { weight: 1.5 }) { executions { executionId } } }',
    );
    expect(light.emitEvent).toEqual({ executions: [] });
    const id = emitEvent.executions[0]?.executionId ?? '';
    const waitFor = await endOf(api, id);
    expect(
      await api.query(
        'query ($id: ID!, $waitFor: Position) { execution(id: $id, waitFor: $waitFor) { status trigger event } }',
        {
          id,
          waitFor,
        },
      ),
    ).toEqual({
      execution: { status: 'COMPLETED', trigger: 'parcel:sent', event: { weight: 11.5 } },
    });
  });

  it('signals an execution that waits, and shows its timeline and its history', async () => {
    const { executionId: id } = await start(api, 'approved_delivery', { order: 'O-1' });
    await awaited(api, id);
    expect(await approve(api, id)).toEqual(position);
    const waitFor = await endOf(api, id);
    const { timeline, events } = await api.query<{
      timeline: { nodes: { kind: string; step: string | null; status: string; output: unknown }[] };
      events: { nodes: Record<string, unknown>[]; pageInfo: object };
    }>(
      `query ($id: ID!, $waitFor: Position) {
        timeline(executionId: $id, first: 100, waitFor: $waitFor) { nodes { kind step status input output } }
        events(executionId: $id, first: 100, waitFor: $waitFor) {
          nodes { id type stream revision position at facts payload metadata hash commit { hash previous revision size } }
          pageInfo { hasNextPage }
        }
      }`,
      { id, waitFor },
    );
    expect(timeline.nodes.map(({ kind, step, status }) => [kind, step, status])).toEqual([
      ['EXECUTION', null, 'COMPLETED'],
      ['STEP', 'reserve', 'COMPLETED'],
      ['WAIT', 'approval', 'COMPLETED'],
      ['SIGNAL', 'approval', 'RECEIVED'],
      ['STEP', 'tell', 'COMPLETED'],
    ]);
    expect(timeline.nodes[1]).toMatchObject({ input: { reserved: 'O-1' }, output: { reserved: 'O-1' } });
    expect(timeline.nodes[3]).toMatchObject({ input: { by: 'Ada' } });
    expect(events.nodes.map(({ revision }) => revision)).toEqual(events.nodes.map((_, index) => index));
    expect(events.nodes[0]).toEqual({
      id: text,
      type: 'execution.started',
      stream: `execution-${id}`,
      revision: 0,
      position,
      at: time,
      facts: { workflow: 'approved_delivery', definition: text, trigger: 'manual' },
      payload: expect.objectContaining({ input: { order: 'O-1' } }) as object,
      metadata: expect.objectContaining({ actor: { id: 'anonymous', kind: 'user', via: 'none' } }) as object,
      hash,
      commit: { hash, previous: '', revision: 0, size: number },
    });
    expect(events.nodes.at(-1)).toMatchObject({ type: 'execution.completed', position: waitFor });
    expect(events.pageInfo).toEqual({ hasNextPage: false });
  });

  it('cancels an execution, and then refuses to do anything with it', async () => {
    const { executionId: id } = await start(api, 'approved_delivery', { order: 'O-2' });
    const CANCEL = `mutation ($id: ID!) {
      cancelExecution(executionId: $id, reason: "enough") {
        __typename
        ... on ExecutionCancelled { executionId status changed position }
        ... on ExecutionAlreadyEnded { executionId status position }
      }
    }`;
    const { cancelExecution } = await api.query<{ cancelExecution: { position: string } }>(CANCEL, { id });
    const ended = { executionId: id, status: 'CANCELLED', position };
    expect(cancelExecution).toEqual({ ...ended, __typename: 'ExecutionCancelled', changed: true });
    expect(await api.query(CANCEL, { id })).toEqual({
      cancelExecution: {
        ...ended,
        __typename: 'ExecutionAlreadyEnded',
        position: cancelExecution.position,
      },
    });
    const { execution } = await api.query<{ execution: object }>(
      'query ($id: ID!, $waitFor: Position) { execution(id: $id, waitFor: $waitFor) { status endedAt duration } }',
      { id, waitFor: cancelExecution.position },
    );
    expect(execution).toEqual({ status: 'CANCELLED', endedAt: time, duration: number });
    const [error] = await api.refusal(
      'mutation ($id: ID!) { signalExecution(executionId: $id, signal: "approved") { position } }',
      { id },
    );
    expect(error?.extensions).toMatchObject({ code: 'EXECUTION_ENDED' });
  });

  it('shows projections and rebuilds them', async () => {
    const { rebuildProjection } = await api.query<{ rebuildProjection: { position: string } }>(
      'mutation { rebuildProjection(name: "timeline") { projection generation events duration position } }',
    );
    expect(rebuildProjection).toEqual({
      projection: 'timeline',
      generation: 2,
      events: whole,
      duration: number,
      position,
    });
    const { projections } = await api.query<{ projections: { name: string }[] }>(
      '{ projections { name version generation position state lagEvents lagSeconds rate rebuild { events } lastError { code } } }',
    );
    expect(projections.map(({ name }) => name).toSorted()).toEqual(
      PROJECTIONS.map(({ name }) => name).toSorted(),
    );
    expect(projections.find(({ name }) => name === 'timeline')).toMatchObject({
      generation: 2,
      version: number,
      rate: number,
      lagEvents: whole,
      lastError: null,
    });
  });
});
