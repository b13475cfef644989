import { trace, type Tracer } from '@opentelemetry/api';

/** Traces of this process, on or off. */
export interface Telemetry {
  /** `undefined` when tracing is off: then nothing is wrapped and nothing is paid. */
  readonly tracer: Tracer | undefined;
  /** Sends what is left, within a few seconds, and stops. */
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const OFF: Telemetry = { tracer: undefined, stop: () => Promise.resolve() };

/**
 * Starts tracing when `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`) names a collector and
 * `OTEL_SDK_DISABLED` is not true; to be called before anything else. The SDK is loaded only then.
 * The name of the service is `OTEL_SERVICE_NAME` (default `sagalog`); sampling follows `OTEL_TRACES_SAMPLER`.
 */
export const startTelemetry = async (env: Environment): Promise<Telemetry> => {
  const url = endpointOf(env);
  if (url === undefined || env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return OFF;
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const sdk = new NodeSDK({
    serviceName: env['OTEL_SERVICE_NAME'] ?? 'sagalog',
    traceExporter: new OTLPTraceExporter({ url }),
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return { tracer: trace.getTracer('sagalog'), stop: () => sdk.shutdown() };
};

const endpointOf = (env: Environment): string | undefined => {
  const traces = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  if (traces) return traces;
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return base ? `${base.replace(/\/+$/, '')}/v1/traces` : undefined;
};
