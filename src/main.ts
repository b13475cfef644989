import { bootstrap, exitWith } from './bootstrap.ts';

const main = async (): Promise<void> => {
  const { server } = await bootstrap(process.env);
  process.stdout.write(`Sagalog serves ${server.url}\n`);
  await server.started;
  server.core.logger.info({ url: server.url, node: server.core.config.node }, 'Ready.');
};

main().catch(exitWith);
