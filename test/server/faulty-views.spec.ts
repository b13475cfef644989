import { expect, it } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { NO_STREAM, seal } from '../../src/domain/chain.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { ask, openServer } from './open-server.ts';

const REGISTER = 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }';
const START = 'mutation ($workflow: String!) { startExecution(workflow: $workflow) { executionId } }';

const SOURCE = `execution:
  workflow: patient
  activities:
    - name: rest
      wait: { for: 4s }
    - name: goal
      set: { variables: { reached: true } }
`;

/** A commit that no view of this version can fold. */
const POISON = seal('execution-poison', NO_STREAM, [{ type: 'step.unheard_of', facts: { step: 'odd' } }], {
  $correlationId: 'poison',
  $causationId: 'poison',
  at: 1_700_000_000_000,
  actor: { id: 'ada', kind: 'user', via: 'none' },
  tenant: 'default',
  node: 'test',
  schema: 1,
});

it('works though views cannot be folded: what is active is taken up, and new executions start', async () => {
  const data = temporaryFolder();
  const first = await openServer({}, data);
  await ask(first, REGISTER, { source: SOURCE });
  const { startExecution } = (await ask(first, START, { workflow: 'patient' })) as {
    readonly startExecution: { readonly executionId: string };
  };
  await first.close();
  const log = await openSqliteLog({ path: data });
  await log.append(POISON);
  await log.close();

  const second = await openServer({}, data);
  const typesOf = async () =>
    (await second.core.log.read(`execution-${startExecution.executionId}`)).map(({ type }) => type);
  await expect.poll(typesOf).toContain('execution.completed');
  await ask(second, START, { workflow: 'patient' });
  expect(second.logger.lines).toContainEqual({
    level: 'error',
    fields: { projection: 'executions' },
    message: 'The projection does not go on; what is active is read from the log.',
  });
});
