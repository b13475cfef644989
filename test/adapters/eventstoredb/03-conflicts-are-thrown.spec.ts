import { expect, it } from 'vitest';
import { headAfter } from '../../../src/domain/chain.ts';
import { commitTo, openLog, startServer } from './support.ts';

it.each(['', '&throwOnAppendFailure=false', '&throw_on_append_failure=false'])(
  'rejects a conflict with the actual revision, whatever the URL says: %j',
  async (setting) => {
    const server = await startServer();
    const { log } = await openLog(server.url + setting);
    const first = commitTo('execution-1', 4);
    await log.append(first);

    await expect(log.append(commitTo('execution-1', 1))).rejects.toMatchObject({
      code: 'WRONG_EXPECTED_REVISION',
      stream: 'execution-1',
      expected: -1,
      actual: 3,
    });
    await expect(log.append(commitTo('execution-2', 1, headAfter(first)))).rejects.toMatchObject({
      code: 'WRONG_EXPECTED_REVISION',
      expected: 3,
      actual: -1,
    });
  },
);
