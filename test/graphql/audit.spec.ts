import { auditServer } from 'graphql-http';
import { expect, it } from 'vitest';
import { sampleForTest } from './sample-server.ts';

it('GraphQL over HTTP passes every audit of its specification', async () => {
  const { url } = await sampleForTest();
  const results = await auditServer({ url });
  expect(results.filter(({ status }) => status !== 'ok').map(({ name, status }) => [status, name])).toEqual(
    [],
  );
  expect(results).toHaveLength(61);
});
