import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { EventLog } from '../../ports/event-log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { measuredEventLog } from './measured-event-log.ts';
import { watch, type Watched } from './watch.ts';

/** The figures of this process. */
export interface ProcessMetrics extends Metrics {
  /** The same log, measured. */
  measured(log: EventLog): EventLog;
  /** Shows how these fare whenever somebody looks. */
  watch(parts: Watched): void;
  close(): Promise<void>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Milliseconds that a figure may take to be told. */
const PATIENCE = 2_000;

/**
 * Counts from now on. Of figures that cannot be taken, or not in time, `failed` is told, and the others are shown. Of one
 * figure there are at most 2,000 series: what comes beyond them counts as one that says `otel_metric_overflow`, so that no
 * name that somebody makes up can make the process grow.
 */
export const openMetrics = (failed: (error: AggregateError) => void): ProcessMetrics => {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const meter: Meter = provider.getMeter('sagalog');
  const serializer = new PrometheusSerializer('', false, undefined, true, true);
  const operations = meter.createHistogram('sagalog.graphql.operation.duration_seconds', {
    description:
      'Operations of the API until they were answered, by their kind and the code of their first error.',
    advice: { explicitBucketBoundaries: SECONDS },
  });
  const unidentified = meter.createCounter('sagalog.unauthenticated', {
    description:
      'Requests that were refused since nobody is known by what they brought, or their key counts no more.',
  });
  return {
    measured: (log) => measuredEventLog(log, meter),
    watch: (parts) => watch(meter, parts),
    answered: (operation, outcome, seconds) =>
      operations.record(seconds, { operation, outcome: outcome.toLowerCase() }),
    unidentified: (who) => unidentified.add(1, { who }),
    exposition: async () => {
      const { resourceMetrics, errors } = await reader.collect({ timeoutMillis: PATIENCE });
      if (errors.length > 0) failed(new AggregateError(errors, 'Some figures could not be taken.'));
      return serializer.serialize(resourceMetrics);
    },
    close: () => provider.shutdown(),
  };
};
