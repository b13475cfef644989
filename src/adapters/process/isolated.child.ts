import { pathToFileURL } from 'node:url';
import type { Activity, ActivityContext, ActivityLogger } from '../../ports/activities.ts';
import type { FromProcess, Thrown, ToProcess } from './messages.ts';

const abort = new AbortController();

/** Resolves when the message is on its way; rejects when it holds what cannot be told another process. */
const say = (message: FromProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });

const line =
  (level: keyof ActivityLogger): ActivityLogger[typeof level] =>
  (...line) =>
    void say({ kind: 'log', level, line });

const logger: ActivityLogger = {
  debug: line('debug'),
  info: line('info'),
  warn: line('warn'),
  error: line('error'),
};

const heartbeat: ActivityContext['heartbeat'] = (progress) => {
  const text = progress === undefined ? undefined : (JSON.stringify(progress) as string | undefined);
  if (progress !== undefined && text === undefined)
    throw new TypeError(`Expected progress that is JSON, but it is a ${typeof progress}.`);
  void say({ kind: 'heartbeat', progress: text });
};

const isNamed =
  (name: string) =>
  (value: unknown): value is Activity =>
    typeof value === 'object' && value !== null && 'run' in value && 'name' in value && value.name === name;

const run = async ({
  module,
  activity,
  context,
  input,
}: Extract<ToProcess, { kind: 'run' }>): Promise<unknown> => {
  const exported = (await import(pathToFileURL(module).href)) as object;
  const found = Object.values(exported).find(isNamed(activity));
  if (found === undefined)
    throw new TypeError(`Expected ${module} to export "${activity}", but it does not.`);
  return found.run({ ...context, signal: abort.signal, heartbeat, logger }, input);
};

const thrownBy = (error: unknown): Thrown => {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const { name, type, message, details, retryable } = error as Thrown;
  return { name, type, message, details, retryable };
};

const tell = async (message: FromProcess): Promise<void> => {
  try {
    await say(message);
  } catch (error) {
    const why = `Expected what another process can be told, but it cannot: ${(error as Error).message}`;
    await say({ kind: 'threw', error: { name: 'InvalidOutput', message: why } });
  }
};

process.on('message', (message: ToProcess) => {
  if (message.kind === 'abort') return abort.abort(new DOMException(message.why, message.name));
  run(message)
    .then(
      (value) => tell({ kind: 'returned', value }),
      (error: unknown) => tell({ kind: 'threw', error: thrownBy(error) }),
    )
    .finally(() => process.disconnect());
});
// Whoever wanted the result is gone, or has it.
process.on('disconnect', () => process.exit());
