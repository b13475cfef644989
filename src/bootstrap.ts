import 'reflect-metadata';
import { createLogger } from './adapters/pino/logger.ts';
import { openMetrics } from './adapters/telemetry/metrics.ts';
import { startTelemetry } from './adapters/telemetry/telemetry.ts';
import { tracedActivities } from './adapters/telemetry/traced-activities.ts';
import { tracedEventLog } from './adapters/telemetry/traced-event-log.ts';
import { readConfig } from './config.ts';
import type { EventLog } from './ports/event-log.ts';
import { startServer, type Server } from './server.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A server that has a process to itself. */
export interface ServerProcess {
  readonly server: Server;
  /** Lets running calls end and closes everything; the process can then exit. */
  stop(reason: string): Promise<void>;
}

/**
 * Starts a server as the environment says: telemetry first, then the stores, then the front. It stops at SIGINT and
 * SIGTERM, and the process exits then. Rejects when it cannot listen; `server.started` when it cannot take up its work.
 */
export const bootstrap = async (env: Environment): Promise<ServerProcess> => {
  const config = readConfig(env);
  const telemetry = await startTelemetry(env);
  const logger = createLogger(config.logLevel);
  const metrics = openMetrics((error) => logger.warn({ err: error }, 'Some figures could not be taken.'));
  // A promise that an activity's code forgot must not end everybody's work; it is a bug of that code, and said so.
  process.on('unhandledRejection', (reason) =>
    logger.error({ err: reason }, 'A promise was rejected and nobody waited for it.'),
  );

  const development = env['NODE_ENV'] !== 'production';
  const { tracer, spans } = telemetry;
  const decorations = {
    log: (log: EventLog) => metrics.measured(tracer === undefined ? log : tracedEventLog(log, tracer)),
    ...(tracer === undefined ? {} : { activities: tracedActivities }),
  };
  const recorders = spans === undefined ? [] : [spans];
  const server = await startServer({ config, logger, decorations, recorders, metrics, development });
  const { projector, engine, threads } = server.core;
  metrics.watch({
    views: () => projector.status(),
    busy: () => engine.running + engine.executions.pending,
    threads: () => threads?.list() ?? [],
  });

  const end = async (reason: string): Promise<void> => {
    logger.info({ reason }, 'Stopping: running calls are waited for.');
    await server.close();
    await metrics.close();
    const lost = await telemetry.stop();
    if (lost !== undefined) logger.warn({ reason: lost }, 'Some spans could not be sent.');
  };
  let ending: Promise<void> | undefined;
  const stop = (reason: string): Promise<void> => (ending ??= end(reason));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void stop(signal).then(() => process.exit(0), exitWith));
  return { server, stop };
};

/** Ends the process with what went wrong, for a person to read. */
export const exitWith = (error: unknown): never => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
};
