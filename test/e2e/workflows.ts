import type { ServedApi } from './served-api.ts';

/** Waits for `approved` between two steps. */
export const APPROVED = `execution:
  workflow: approved_delivery
  activities:
    - name: reserve
      activity: transform
      input: { reserved: '\${input.order}' }
      output: { reservation: '\${output.reserved}' }
    - name: approval
      wait: { signal: approved, timeout: 2d }
    - name: tell
      activity: log
      input: { message: 'Order \${workflow.reservation} goes out' }
`;

/** One step, started by parcels of some weight. */
export const PARCEL = `execution:
  workflow: parcel
  trigger:
    event: parcel:sent
    conditions:
      weight: \${event.weight > 10.0}
  activities:
    - name: weigh
      activity: transform
      input: { weighed: '\${event.weight}' }
`;

/** One step that does nothing else. */
export const NOTE = `execution:
  workflow: note
  activities:
    - name: write
      activity: log
      input: { message: 'Noted' }
`;

/** Fails in its only step. */
export const BROKEN = `execution:
  workflow: broken
  activities:
    - name: look
      activity: transform
      input: { found: '\${input.nowhere}' }
`;

/** Registers definitions; answers the position of the last. */
export const register = async (api: ServedApi, ...sources: readonly string[]): Promise<string> => {
  let position = '0';
  for (const source of sources) {
    const { registerWorkflow } = await api.query<{ registerWorkflow: { position: string } }>(
      'mutation ($source: String!) { registerWorkflow(source: $source) { position } }',
      { source },
    );
    ({ position } = registerWorkflow);
  }
  return position;
};

/** What `start` answers. */
export interface Started {
  readonly executionId: string;
  readonly created: boolean;
  readonly position: string;
}

/** Starts an execution. */
export const start = async (
  api: ServedApi,
  workflow: string,
  input: object = {},
  key?: string,
): Promise<Started> => {
  const { startExecution } = await api.query<{ startExecution: Started }>(
    `mutation ($workflow: String!, $input: JSON, $key: String) {
      startExecution(workflow: $workflow, input: $input, idempotencyKey: $key) { executionId created position }
    }`,
    { workflow, input, key },
  );
  return startExecution;
};

/** Resolves once an execution waits for its signal. */
export const awaited = async (api: ServedApi, id: string): Promise<void> => {
  const events = api.follow<{ events: object }>(
    `subscription ($id: ID!) {
      events(filter: { executionId: $id, types: ["signal.awaited"] }, after: "0") { position }
    }`,
    { id },
  );
  for await (const _ of events) return;
};

/** Sends `approved` to an execution; answers the position. */
export const approve = async (api: ServedApi, id: string): Promise<string> => {
  const { signalExecution } = await api.query<{ signalExecution: { position: string } }>(
    `mutation ($id: ID!) {
      signalExecution(executionId: $id, signal: "approved", payload: { by: "Ada" }) { position }
    }`,
    { id },
  );
  return signalExecution.position;
};

/** The position of an execution's last event, once it has ended. */
export const endOf = async (api: ServedApi, id: string): Promise<string> => {
  let last = '0';
  const events = api.follow<{ executionEvents: { position: string } }>(
    'subscription ($id: ID!) { executionEvents(id: $id) { position } }',
    { id },
  );
  for await (const { executionEvents } of events) last = executionEvents.position;
  return last;
};
