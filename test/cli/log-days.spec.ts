import { expect, it } from 'vitest';
import { readLogDays } from '../../src/cli/log-days.ts';
import type { Api } from '../../src/cli/demo/api.ts';

const DAY = { category: 'execution', day: '2026-01-31', events: '12', checksum: 'dddd' };

/** An API that answers so many times with an error, and then with a day. */
const answering = (times: number, message: string) => {
  const asked: unknown[] = [];
  const api: Pick<Api, 'subscribe'> = {
    subscribe: (_document, variables, next, fail) => {
      asked.push(variables);
      if (asked.length <= times) fail(new Error(message));
      else next({ logDays: [DAY] });
      return () => undefined;
    },
  };
  return { api, asked };
};

const now = () => Promise.resolve();

it('asks again for what takes longer than a query may, and for the same', async () => {
  const { api, asked } = answering(3, 'QUERY_TIMEOUT: Expected an answer within 120000 ms.');
  expect(await readLogDays(api, '5000', now)).toEqual([DAY]);
  expect(asked).toEqual(Array.from({ length: 4 }, () => ({ upTo: '5000' })));
});

it('asks not for ever, nor again after any other error', async () => {
  const slow = answering(1_000, 'QUERY_TIMEOUT: Expected an answer within 1 ms.');
  await expect(readLogDays(slow.api, '5000', now)).rejects.toThrow('QUERY_TIMEOUT');
  expect(slow.asked).toHaveLength(100);
  const refused = answering(1, 'FORBIDDEN: Expected somebody who is viewer.');
  await expect(readLogDays(refused.api, '5000', now)).rejects.toThrow('FORBIDDEN');
  expect(refused.asked).toHaveLength(1);
});
