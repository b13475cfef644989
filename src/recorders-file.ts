import { readFile } from 'node:fs/promises';
import { fileRecorder } from './adapters/recorders/file.ts';
import { webhookRecorder } from './adapters/recorders/webhook.ts';
import { ConfigError } from './config.ts';
import { parseRecorders, type RecorderConfig } from './domain/recorder/parse-recorders.ts';
import type { Recorder } from './ports/recorder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const recorderOf = async (config: RecorderConfig, env: Environment): Promise<Recorder> => {
  switch (config.kind) {
    case 'file':
      return fileRecorder(config, config.path);
    case 'webhook':
      return webhookRecorder(config, config);
    case 'otlp_logs': {
      const { logRecorder } = await import('./adapters/telemetry/log-recorder.ts');
      return logRecorder(config, { ...config, serviceName: env['OTEL_SERVICE_NAME'] ?? 'sagalog' });
    }
    default:
      return config satisfies never;
  }
};

/** The recorders of a file, with their secrets from the environment. Rejects with `ConfigError` and every problem. */
export const readRecorders = async (path: string, env: Environment): Promise<readonly Recorder[]> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as { readonly code?: string };
    throw new ConfigError([
      `SAGALOG_RECORDERS: expected a file that can be read, but ${path} cannot: ${code}.`,
    ]);
  }
  const parsed = parseRecorders(text, (name) => env[`SAGALOG_SECRET_${name}`]);
  if (!parsed.ok)
    throw new ConfigError(
      parsed.problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`),
    );
  return Promise.all(parsed.recorders.map((config) => recorderOf(config, env)));
};
