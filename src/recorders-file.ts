import { fileRecorder } from './adapters/recorders/file.ts';
import { webhookRecorder } from './adapters/recorders/webhook.ts';
import { readConfigFile } from './config-file.ts';
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
  const parse = (text: string) => parseRecorders(text, (name) => env[`SAGALOG_SECRET_${name}`]);
  const { recorders } = await readConfigFile('SAGALOG_RECORDERS', path, parse);
  return Promise.all(recorders.map((config) => recorderOf(config, env)));
};
