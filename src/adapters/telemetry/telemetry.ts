import { context, propagation, trace, type Tracer } from '@opentelemetry/api';
import type { EventLog } from '../../ports/event-log.ts';
import type { Recorder } from '../../ports/recorder.ts';

/** Traces of this process, on or off. */
export interface Telemetry {
  /** `undefined` when tracing is off: then nothing is wrapped and nothing is paid. */
  readonly tracer: Tracer | undefined;
  /** Sends the spans of runs. */
  readonly spans: ((parts: { readonly log: EventLog }) => Recorder) | undefined;
  /** Sends what is left, within a few seconds, and stops. Never rejects: answers why spans were lost, if any were. */
  stop(): Promise<string | undefined>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A collector that is away must not hold up the end of the server. */
const EXPORT_TIMEOUT = 3_000;

const OFF: Telemetry = { tracer: undefined, spans: undefined, stop: () => Promise.resolve(undefined) };

/**
 * Starts tracing when `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`) names a collector and
 * `OTEL_SDK_DISABLED` is not true; to be called before anything else. The SDK is loaded only then.
 * The name of the service is `OTEL_SERVICE_NAME` (default `sagalog`); sampling follows `OTEL_TRACES_SAMPLER`.
 */
export const startTelemetry = async (env: Environment): Promise<Telemetry> => {
  const url = endpointOf(env);
  if (url === undefined || env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return OFF;
  const [{ NodeSDK }, { OTLPTraceExporter }, { spanRecorder }, { resourceOf }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('./span-recorder.ts'),
    import('./exported.ts'),
  ]);
  const serviceName = env['OTEL_SERVICE_NAME'] ?? 'sagalog';
  const sdk = new NodeSDK({
    serviceName,
    traceExporter: new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT }),
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return {
    tracer: trace.getTracer('sagalog'),
    spans: ({ log }) => {
      const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT });
      return spanRecorder({ log, exporter, resource: resourceOf(serviceName) });
    },
    stop: () => stop(sdk),
  };
};

const stop = async (sdk: { shutdown(): Promise<void> }): Promise<string | undefined> => {
  try {
    await sdk.shutdown();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    // Otherwise a later start would be given the tracers of this one.
    for (const api of [trace, context, propagation]) api.disable();
  }
};

const endpointOf = (env: Environment): string | undefined => {
  const traces = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  if (traces) return traces;
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return base ? `${base.replace(/\/+$/, '')}/v1/traces` : undefined;
};
