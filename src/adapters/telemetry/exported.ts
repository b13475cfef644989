import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';

interface ExportResult {
  readonly code: number;
  readonly error?: Error;
}

/** Sends items by an exporter; rejects when it could not. */
export const exported = <T>(
  exporter: { export(items: T[], done: (result: ExportResult) => void): void },
  items: readonly T[],
): Promise<void> =>
  new Promise((resolve, reject) => {
    exporter.export([...items], ({ code, error }) => {
      if (code === 0) resolve();
      else reject(error ?? new Error('Expected the collector to take what it was sent, but it did not.'));
    });
  });

/** Milliseconds since the Unix epoch as OpenTelemetry has times. */
export const hrTime = (ms: number): [number, number] => [
  Math.floor(ms / 1_000),
  Math.round((ms % 1_000) * 1_000_000),
];

/** The service that things are sent in the name of. */
export const resourceOf = (serviceName: string): Resource =>
  resourceFromAttributes({ 'service.name': serviceName });

/** What made them. */
export const SCOPE = { name: 'sagalog' };
