import { crashAt } from './crash.ts';
import { crashDecorations } from './crash-decorations.ts';

// The built server, started as its own main does, with crash points around its ports: CRASH_AT=<name>:<n>.
// With CRASH_HOLD calls but the first ones do not end before it is told to stop. At each SIGUSR2 the machine's clock is set by the next of CLOCK_JUMPS (ms).
const jumps = (process.env['CLOCK_JUMPS'] ?? '').split(',').map(Number);
const machine = Date.now;
let offset = 0;
Date.now = () => machine() + offset;
process.on('SIGUSR2', () => {
  offset += jumps.shift() ?? 0;
  process.stderr.write(`The clock was set; ${jumps.length} times more.\n`);
});

const built = (file: string): string => new URL(`../../dist/${file}`, import.meta.url).href;

const load = async <Module>(file: string): Promise<Module> => (await import(built(file))) as Module;

await import('reflect-metadata');
const { readConfig } = await load<typeof import('../../src/config.ts')>('config.js');
const { createLogger } =
  await load<typeof import('../../src/adapters/pino/logger.ts')>('adapters/pino/logger.js');
const { startServer } = await load<typeof import('../../src/server.ts')>('server.js');

const config = readConfig(process.env);
const stopping = new AbortController();
const server = await startServer({
  config,
  logger: createLogger(config.logLevel),
  decorations: crashDecorations(
    crashAt(process.env['CRASH_AT'], stopping.signal),
    stopping.signal,
    'CRASH_HOLD' in process.env,
  ),
  development: true,
});
process.on('SIGTERM', () => {
  stopping.abort();
  void server.close().then(() => process.exit(0));
});
process.stdout.write(`Sagalog serves ${server.url}\n`);
await server.started;
