import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ask, openServer } from './open-server.ts';

const SOURCE = `execution:
  workflow: hungry
  resources: { memory: { limit: 150Mi } }
  activities:
    - name: eat
      activity: take
      isolate: process
      input: { kind: buffers, mib: "\${input}" }
      retry: { max_attempts: 2, backoff: { initial: 1ms } }
`;

const PATIENT = { timeout: 60_000 };
const REGISTER = 'mutation ($source: String!) { registerWorkflow(source: $source) { warnings { code } } }';
const START = 'mutation ($mib: JSON) { startExecution(workflow: "hungry", input: $mib) { executionId } }';
const SHOW =
  'query ($executionId: ID!) { execution(id: $executionId) { status stepsCompleted retries error { type details } } }';

it('holds a step to its memory in a process of its own, and the server goes on', async () => {
  const activities = fileURLToPath(new URL('./isolated', import.meta.url));
  const server = await openServer({}, undefined, { SAGALOG_ACTIVITIES: activities });
  expect(await ask(server, REGISTER, { source: SOURCE })).toEqual({ registerWorkflow: { warnings: [] } });
  const run = async (mib: number): Promise<() => Promise<unknown>> => {
    const { startExecution } = (await ask(server, START, { mib })) as { startExecution: object };
    return () => ask(server, SHOW, startExecution);
  };
  await expect.poll(await run(4_000), PATIENT).toEqual({
    execution: {
      status: 'FAILED',
      stepsCompleted: 0,
      retries: 1,
      error: { type: 'ResourceExceeded', details: expect.objectContaining({ limit: 157_286_400 }) as object },
    },
  });
  await expect.poll(await run(20), PATIENT).toEqual({
    execution: { status: 'COMPLETED', stepsCompleted: 1, retries: 0, error: null },
  });
});
