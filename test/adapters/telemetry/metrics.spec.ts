import { expect, it } from 'vitest';
import { openMetrics } from '../../../src/adapters/telemetry/metrics.ts';

it('keeps as many series as it has room for, whatever names come', async () => {
  const metrics = openMetrics((error) => {
    throw error;
  });
  for (let n = 0; n < 5_000; n += 1) metrics.answered('query', `made_up_${n}`, 0.001);
  const lines = (await metrics.exposition()).split('\n');
  const counts = lines.filter((line) => line.startsWith('sagalog_graphql_operation_duration_seconds_count'));
  expect(counts).toHaveLength(2_000);
  const overflow = counts.filter((line) => line.includes('otel_metric_overflow="true"'));
  expect(overflow.map((line) => line.split(' ').at(-1))).toEqual(['3001']);
  await metrics.close();
});
