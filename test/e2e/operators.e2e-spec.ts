import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';
import { APPROVED, approve, awaited, endOf, register, start } from './workflows.ts';

/** Fails until there is something to divide by. */
const DIVIDES = `execution:
  workflow: divides
  variables: { by: 0 }
  activities:
    - name: divide
      activity: transform
      input: { share: '\${10 / workflow.by}' }
      output: { share: '\${output.share}' }
`;

/** Books, waits for a signal, and knows how to give back. */
const BOOKED = `execution:
  workflow: booked
  activities:
    - name: book
      activity: transform
      input: { booking: B-1 }
    - name: ask
      wait: { signal: approved }
      output: { answer: '\${output.answer}' }
  compensation: {}
  compensation_activities:
    book: { activity: transform, params: { back: '\${output.booking}' } }
`;

/** Is undone only when somebody says so; what gives back fails until it is told how much. */
const BY_HAND = `execution:
  workflow: by_hand
  variables: { by: 0 }
  activities:
    - name: book
      activity: transform
      input: { booking: B-1 }
    - name: rent
      activity: transform
      input: { car: C-1 }
    - name: refuse
      fail: { type: NoMoney, message: nobody pays }
  error_handling: { workflow_error: { strategy: compensate } }
  compensation: { mode: manual }
  compensation_activities:
    book: { activity: transform, params: { back: '\${output.booking}' } }
    rent: { activity: transform, params: { share: '\${10 / workflow.by}' } }
`;

interface Operated {
  readonly position: string;
  readonly changed: boolean;
}

/** Calls to end an execution say what became of it. */
const answerOf = (mutation: string): string =>
  /^(cancel|terminate)Execution$/.test(mutation)
    ? `{ __typename ... on ExecutionCancelled { status position changed }
        ... on ExecutionAlreadyEnded { status position } ... on ExecutionBeingUndone { status position } }`
    : '{ position changed }';

describe("operators' mutations", () => {
  let api: ServedApi;

  beforeAll(async () => {
    api = await serveApi();
    await register(api, APPROVED, DIVIDES, BOOKED, BY_HAND);
  });

  afterAll(() => api.close());

  const operate = async (mutation: string, id: string, more = ''): Promise<Operated> => {
    const { operated } = await api.query<{ operated: Operated }>(
      `mutation ($id: ID!) { operated: ${mutation}(executionId: $id, reason: "an operator says so"${more}) ${answerOf(mutation)} }`,
      { id },
    );
    return operated;
  };

  const refusalOf = async (mutation: string, id: string, more = ''): Promise<unknown> => {
    const [error] = await api.refusal(
      `mutation ($id: ID!) { ${mutation}(executionId: $id${more}) { __typename } }`,
      { id },
    );
    return error?.extensions['code'];
  };

  const shown = async (id: string, waitFor: string): Promise<object> => {
    const { execution } = await api.query<{ execution: object }>(
      `query ($id: ID!, $waitFor: Position) {
        execution(id: $id, waitFor: $waitFor) { status endedAt step waiting errorType uncompensated }
      }`,
      { id, waitFor },
    );
    return execution;
  };

  const asking = async (): Promise<string> => {
    const { executionId } = await start(api, 'booked');
    await awaited(api, executionId);
    return executionId;
  };

  /** The last event of an execution that has ended, and the reasons that are told in its history. */
  const historyOf = async (id: string) => {
    const { events } = await api.query<{
      events: { nodes: { type: string; facts: object; payload: { reason?: string } | null }[] };
    }>('query ($id: ID!) { events(executionId: $id, first: 100) { nodes { type facts payload } } }', { id });
    return events.nodes;
  };

  it('have one go on with another version, once it is known that it can', async () => {
    const moved = BOOKED.replace('workflow: booked', 'workflow: moved');
    await register(api, moved);
    const { executionId: id, position } = await start(api, 'moved');
    await awaited(api, id);
    const MIGRATE = `mutation ($id: ID!, $to: Int!, $dryRun: Boolean!) {
      migrateExecution(executionId: $id, to: $to, dryRun: $dryRun, reason: "it was wrong") { position changed reasons { code step } }
    }`;
    const definitionOf = async (waitFor: string): Promise<unknown> => {
      const query =
        'query ($id: ID!, $waitFor: Position) { execution(id: $id, waitFor: $waitFor) { definition } }';
      return (await api.query<{ execution: { definition: string } }>(query, { id, waitFor })).execution
        .definition;
    };
    const before = await definitionOf(position);
    await register(api, moved.replace('name: ask', 'name: asked'));
    const checked = { changed: false, reasons: [{ code: 'STEP_MISSING', step: 'ask' }] };
    expect(await api.query(MIGRATE, { id, to: 2, dryRun: true })).toMatchObject({
      migrateExecution: checked,
    });
    const [refusal] = await api.refusal(MIGRATE, { id, to: 2, dryRun: false });
    expect(refusal?.extensions).toMatchObject({ code: 'MIGRATION_REFUSED', reasons: checked.reasons });
    await register(
      api,
      moved.replace(
        '  compensation: {}',
        '    - { name: more, set: { variables: { more: 1 } } }\n  compensation: {}',
      ),
    );
    const { migrateExecution } = await api.query<{ migrateExecution: Operated }>(MIGRATE, {
      id,
      to: 3,
      dryRun: false,
    });
    expect(migrateExecution).toMatchObject({ changed: true, reasons: [] });
    expect(await definitionOf(migrateExecution.position)).not.toBe(before);
    const { signalExecution } = await api.query<{ signalExecution: { position: string } }>(
      'mutation ($id: ID!) { signalExecution(executionId: $id, signal: "approved", payload: { answer: "yes" }) { position } }',
      { id },
    );
    expect(signalExecution.position).toMatch(/^\d+$/);
    const end = await endOf(api, id);
    const { timeline } = await api.query<{ timeline: { nodes: object[] } }>(
      'query ($id: ID!, $waitFor: Position) { timeline(executionId: $id, waitFor: $waitFor, first: 100) { nodes { kind step to } } }',
      { id, waitFor: end },
    );
    expect(timeline.nodes).toEqual(
      expect.arrayContaining([
        { kind: 'MIGRATION', step: null, to: await definitionOf(end) },
        expect.objectContaining({ kind: 'VARIABLES', step: 'more' }),
      ]),
    );
    const { logs } = await api.query<{ logs: { nodes: object[] } }>(
      'query ($id: ID!, $waitFor: Position) { logs(filter: { executionId: $id, text: "migrated" }, waitFor: $waitFor) { nodes { type } } }',
      { id, waitFor: end },
    );
    expect(logs.nodes).toContainEqual({ type: 'execution.migrated' });
  });

  it('pause an execution, keep its signal, and resume it', async () => {
    const { executionId: id } = await start(api, 'approved_delivery', { order: 'O-1' });
    await awaited(api, id);
    const paused = await operate('pauseExecution', id);
    expect(paused.changed).toBe(true);
    expect(await shown(id, paused.position)).toMatchObject({ status: 'PAUSED', step: 'approval' });
    expect(await operate('pauseExecution', id)).toEqual({ ...paused, changed: false });
    const { monitoring } = await api.query<{ monitoring: object }>(
      '{ monitoring(workflow: "approved_delivery") { activeWorkflows } }',
    );
    expect(monitoring).toEqual({ activeWorkflows: 1 });
    const kept = await approve(api, id);
    expect(await shown(id, kept)).toMatchObject({ status: 'PAUSED', step: 'approval' });
    expect(await operate('resumeExecution', id)).toMatchObject({ changed: true });
    expect(await shown(id, await endOf(api, id))).toMatchObject({ status: 'COMPLETED' });
    const { timeline } = await api.query<{ timeline: { nodes: object[] } }>(
      'query ($id: ID!) { timeline(executionId: $id, first: 100) { nodes { kind status duration } } }',
      { id },
    );
    expect(timeline.nodes).toContainEqual({
      kind: 'PAUSE',
      status: 'RESUMED',
      duration: expect.any(Number) as number,
    });
  });

  it('set variables of a failed execution and retry it', async () => {
    const { executionId: id } = await start(api, 'divides');
    const failed = await endOf(api, id);
    expect(await shown(id, failed)).toMatchObject({ status: 'FAILED', errorType: 'ExpressionError' });
    expect(await refusalOf('pauseExecution', id)).toBe('EXECUTION_ENDED');
    expect(await operate('setVariables', id, ', variables: { by: 4.0 }')).toMatchObject({ changed: true });
    expect(await refusalOf('setVariables', id, ', variables: [1]')).toBe('BAD_USER_INPUT');
    expect(await refusalOf('setVariables', id, ', variables: { id: 1 }')).toBe('BAD_USER_INPUT');
    expect(await operate('retryExecution', id)).toMatchObject({ changed: true });
    expect(await shown(id, await endOf(api, id))).toMatchObject({ status: 'COMPLETED', errorType: null });
    expect(await refusalOf('retryExecution', id)).toBe('EXECUTION_NOT_FAILED');
    const reasons = (await historyOf(id)).flatMap(({ payload }) => payload?.reason ?? []);
    expect(reasons).toEqual(['an operator says so', 'an operator says so']);
  });

  it('cancel an execution once what it did is undone', async () => {
    const id = await asking();
    expect(await operate('cancelExecution', id, ', compensate: true')).toMatchObject({
      __typename: 'ExecutionCancelled',
      changed: true,
    });
    expect(await shown(id, await endOf(api, id))).toMatchObject({ status: 'CANCELLED', uncompensated: [] });
    expect((await historyOf(id)).map(({ type }) => type)).toContain('step.compensated');
    for (const mutation of ['cancelExecution', 'terminateExecution'])
      expect(await operate(mutation, id)).toMatchObject({
        __typename: 'ExecutionAlreadyEnded',
        status: 'CANCELLED',
      });
  });

  it('undo what is undone by hand, and once more what was left', async () => {
    const { executionId: id } = await start(api, 'by_hand');
    const undoingAt = async (position: string): Promise<unknown> => {
      const { execution } = await api.query<{ execution: unknown }>(
        `query ($id: ID!, $waitFor: Position) {
          execution(id: $id, waitFor: $waitFor) {
            status uncompensated uncompensatedCount compensation { awaited total done failed doneSteps failedSteps }
          }
        }`,
        { id, waitFor: position },
      );
      return execution;
    };
    expect(await undoingAt(await endOf(api, id))).toEqual({
      status: 'FAILED',
      uncompensated: ['rent', 'book'],
      uncompensatedCount: 2,
      compensation: { awaited: true, total: 2, done: 0, failed: 0, doneSteps: [], failedSteps: [] },
    });
    expect(await operate('compensateExecution', id)).toMatchObject({ changed: true });
    expect(await undoingAt(await endOf(api, id))).toEqual({
      status: 'FAILED',
      uncompensated: ['rent'],
      uncompensatedCount: 1,
      compensation: {
        awaited: false,
        total: 2,
        done: 1,
        failed: 1,
        doneSteps: ['book'],
        failedSteps: ['rent'],
      },
    });
    await operate('setVariables', id, ', variables: { by: 4.0 }');
    await operate('compensateExecution', id);
    expect(await undoingAt(await endOf(api, id))).toMatchObject({
      status: 'COMPENSATED',
      uncompensated: [],
      compensation: { total: 2, done: 2, failed: 0 },
    });
    expect(await operate('compensateExecution', id)).toMatchObject({ changed: false });
  });

  it('terminate an execution', async () => {
    const id = await asking();
    await operate('terminateExecution', id);
    await endOf(api, id);
    expect((await historyOf(id)).at(-1)).toMatchObject({
      type: 'execution.cancelled',
      facts: { terminated: true },
      payload: { reason: 'an operator says so' },
    });
  });

  it('skip a step', async () => {
    const id = await asking();
    expect(await refusalOf('skipStep', id, ', step: "book"')).toBe('STEP_NOT_ACTIVE');
    expect(await refusalOf('skipStep', id, ', step: "nobody"')).toBe('STEP_NOT_FOUND');
    await operate('skipStep', id, ', step: "ask"');
    expect(await shown(id, await endOf(api, id))).toMatchObject({ status: 'COMPLETED' });
  });

  it('complete a step with an output that it can take', async () => {
    const id = await asking();
    expect(await refusalOf('completeStep', id, ', step: "ask", output: 7')).toBe('INVALID_OUTPUT');
    await operate('completeStep', id, ', step: "ask", output: { answer: "yes" }');
    expect(await shown(id, await endOf(api, id))).toMatchObject({ status: 'COMPLETED' });
    expect((await historyOf(id)).at(-2)).toMatchObject({
      type: 'step.completed',
      facts: { by: 'operator' },
      payload: { variables: { answer: 'yes' } },
    });
  });

  it('fail a step for good', async () => {
    const id = await asking();
    await operate('failStep', id, ', step: "ask", errorType: "Withdrawn", message: "nobody asks any more"');
    expect(await shown(id, await endOf(api, id))).toMatchObject({ status: 'FAILED', errorType: 'Withdrawn' });
  });

  it.each(['card declined', '402: no money', `${'x'.repeat(200)}…`])(
    'fail a step with any type that an activity may fail with, by which it is found: %s',
    async (errorType) => {
      const id = await asking();
      await operate('failStep', id, `, step: "ask", errorType: "${errorType}"`);
      expect(await shown(id, await endOf(api, id))).toMatchObject({ status: 'FAILED', errorType });
      const { executions } = await api.query<{ executions: { nodes: readonly { id: string }[] } }>(
        'query ($errorType: String) { executions(filter: { errorType: $errorType }) { nodes { id } } }',
        { errorType },
      );
      expect(executions.nodes).toEqual([{ id }]);
    },
  );

  it('are refused for what is no execution', async () => {
    for (const mutation of [
      'pauseExecution',
      'resumeExecution',
      'terminateExecution',
      'retryExecution',
      'compensateExecution',
    ])
      expect(await refusalOf(mutation, 'nobody')).toBe('EXECUTION_NOT_FOUND');
  });
});
