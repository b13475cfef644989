import { createApiKeys } from '../../src/commands/api-keys.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { adminOf } from '../access/key-nodes.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { countingIds } from '../spec/ids.ts';
import { takes } from './runs.ts';
import type { Scenario, Stage } from './scenarios.ts';

/** The secret of keys in histories. */
export const KEPT_SECRET = 'a-secret-that-is-kept-in-no-history-at-all-';

/** Gives keys, and revokes one of them, after an execution has ended. */
const giveKeys = async ({ log, clock, end, id }: Stage): Promise<void> => {
  await end(id);
  const ids = countingIds(0.5, 8);
  const keys = createApiKeys({
    log,
    world: { clock, ids },
    envelopes: createEnvelopes('a-node', ids),
    secrets: { next: () => KEPT_SECRET },
    maxPayload: 10_000,
    shared: false,
    logger: keepingLogger(),
    over: new AbortController().signal,
  });
  const roles = [{ role: 'operator', workflows: ['brief'], tags: ['eu'] }, { role: 'viewer' }] as const;
  const wanted = { name: 'deploys', tenant: 'acme', roles, expiresAt: undefined };
  const { id: lost } = await keys.create(wanted, 'deploys', adminOf());
  clock.advance(1_000);
  await keys.create({ ...wanted, expiresAt: clock.now() + 60_000 }, undefined, adminOf('acme'));
  clock.advance(1_000);
  await keys.revoke(lost, 'lost', adminOf('acme'));
};

/** What becomes of keys that are given out. */
export const KEYS: readonly Scenario[] = [
  {
    name: 'keys',
    yaml: 'workflow: brief\nactivities:\n  - name: pack\n',
    activities: (clock) => ({ pack: takes(clock, 40, null) }),
    play: giveKeys,
  },
];
