import { expect, it } from 'vitest';
import type { WorkflowRetention } from '../../../src/ports/workflow-retention.ts';
import { CALLER } from '../../spec/engine.ts';
import { openTruncating } from './truncating.ts';

/** What a server knows that starts: nothing until `complete`, and then a workflow of which something was removed. */
const starting = () => {
  const complete = Promise.withResolvers<undefined>();
  let names: readonly string[] = [];
  const definitions: WorkflowRetention = {
    known: () => complete.promise,
    names: () => names,
    retention: (name) => (names.includes(name) ? { after: 1_000, archives: true } : undefined),
  };
  return {
    definitions,
    complete: (): void => {
      names = ['ship_order'];
      complete.resolve(undefined);
    },
  };
};

it.each(['ship_order', undefined])(
  'tells nobody that there is nothing before all workflows are known, of %s',
  async (workflow) => {
    const at = await openTruncating();
    const { definitions, complete } = starting();
    const server = at.another({ definitions });
    const of = workflow === undefined ? {} : { workflow };
    const asked = Promise.all([
      server.retain({ ...of, dryRun: true }, CALLER),
      server.truncate({ ...of, dryRun: true }, CALLER),
      server.status(),
    ]);
    complete();
    expect(await asked).toMatchObject([
      [{ workflow: 'ship_order', removed: 0 }],
      [{ workflow: 'ship_order', truncated: 4 }],
      [{ workflow: 'ship_order', removed: 4 }],
    ]);
  },
);

it('refuses a workflow that there is none of, once all are known', async () => {
  const at = await openTruncating();
  const { definitions, complete } = starting();
  const server = at.another({ definitions });
  const asked = server.truncate({ workflow: 'nobody', dryRun: false }, CALLER);
  complete();
  await expect(asked).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
});
