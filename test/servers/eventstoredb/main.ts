import { parseArgs } from 'node:util';
import { startEventStore } from './server.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '2113' }, data: { type: 'string' } },
});
const server = await startEventStore({
  port: Number(values.port),
  ...(values.data === undefined ? {} : { data: values.data }),
});
console.log(`Serving ${server.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.stop('graceful').then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
