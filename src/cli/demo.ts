import { fileURLToPath } from 'node:url';
import { parseArgs, styleText } from 'node:util';
import { bootstrap, exitWith } from '../bootstrap.ts';
import { connectApi } from './demo/api.ts';
import { figuresOf } from './demo/figures.ts';
import { findSamples } from './demo/find.ts';
import { showProgress } from './demo/progress.ts';
import { runTickets } from './demo/run-tickets.ts';
import { ticketsOf } from './demo/tickets.ts';
import { timelineOf } from './demo/timeline.ts';

const WORKFLOW = 'high_priority_ticket';
const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const TICKETS = 60;

const USAGE = `npm run demo [-- --exit]

  Starts the server on the embedded stores, lets the examples work on ${TICKETS} tickets and shows what came of it.
  --exit  ends the server then; without it, it goes on serving until Ctrl-C
`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const title = (text: string): void => print(`\n${styleText('bold', text)}\n`);

const TITLES = {
  succeeded: 'One that went well',
  retried: 'One with a retry',
  compensated: 'One that failed and was undone',
} as const;

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { exit: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    print(USAGE);
    return;
  }
  const env = {
    SAGALOG_LOG: 'warn',
    SAGALOG_WORKFLOWS: EXAMPLES,
    SAGALOG_ACTIVITIES: EXAMPLES,
    ...process.env,
  };
  const { server, stop } = await bootstrap(env);
  await server.started;
  const { config } = server.core;
  print(`Sagalog serves ${server.url}, with its data in ${config.data}`);

  const api = connectApi(server.url);
  const run = Math.floor(Date.now() / 1_000) % 100_000;
  const tickets = ticketsOf(run, TICKETS);
  title(`${TICKETS} tickets come in; those of high priority start ${WORKFLOW}`);
  const expected = tickets.filter(({ priority }) => priority === 'high').length;
  const progress = showProgress(process.stdout, expected);
  const { ids, position } = await runTickets(api, WORKFLOW, tickets, progress);
  progress.stop();

  const samples = await findSamples(api, WORKFLOW, ids, position);
  for (const kind of ['succeeded', 'retried', 'compensated'] as const) {
    const sample = samples[kind];
    title(TITLES[kind]);
    print(sample === undefined ? '  None of this run did.' : await timelineOf(api, sample, position));
  }
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const [counters, metrics] = await figuresOf(api, WORKFLOW, timeZone, position);
  title(`Counters of today (${timeZone})`);
  print(counters);
  title('How long it takes, and how it ends');
  print(metrics);
  await api.close();

  title('Look for yourself');
  print(`  ${server.url}  in a browser: GraphiQL, with queries to begin with
  Over HTTP, Server-Sent Events or WebSocket (graphql-transport-ws), at the same address.
  Whether it is well: ${new URL('/readyz', server.url).href}`);
  if (values.exit === true) {
    await stop('the demo is over');
    process.exit(0);
  }
  print('\nCtrl-C ends it; what is in the log stays there.');
};

main().catch(exitWith);
