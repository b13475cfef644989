import { percentiles, round, type Latency } from './figures.ts';
import { startLoadClients, type LoadClients } from './graphql-load.ts';
import { dataOf, remember } from './graphql-answers.ts';
import { bodiesOf, type Operation } from './graphql-operations.ts';
import { openApollo, openBareYoga } from './graphql-peers.ts';
import { openGraphqlServer } from './graphql-server.ts';
import type { Scenario } from './scenario.ts';

const EXECUTIONS = 5_000;
const CONNECTIONS = 16;
const ROUNDS = 5;
/** Milliseconds of each operation on each server, in each round and before them. */
const LENGTH = 1_000;

type ServerName = 'sagalog' | 'yoga' | 'apollo';

interface Answered extends Latency {
  readonly requestsPerSecond: number;
  /** Microseconds of processor time that the process took for each, which depend less on what else the machine does. */
  readonly processor: number;
}

/** What was measured of an operation: requests/s, and milliseconds until an answer. */
type Compared = Readonly<Record<ServerName, Answered>> & {
  /** How many times as many requests/s as the others are answered, and how many for the same processor time. */
  readonly ratio: Readonly<
    Record<'yoga' | 'apollo', { readonly requests: number; readonly processor: number }>
  >;
};

/** What one server did in all of its turns: milliseconds, and microseconds of processor time. */
interface Turns {
  elapsed: number;
  processor: number;
  readonly latencies: number[];
}

/** Makes sure that everybody answers the same. */
const agree = async (urls: readonly string[], operations: readonly Operation[]): Promise<void> => {
  for (const { name, query, variables } of operations)
    for (const given of variables) {
      const answers = await Promise.all(urls.map((url) => dataOf(url, query, given)));
      if (new Set(answers.map((answer) => JSON.stringify(answer))).size > 1)
        throw new Error(`Expected the same ${name} of all, but got: ${JSON.stringify(answers)}`);
    }
};

const answered = ({ elapsed, processor, latencies }: Turns): Answered => ({
  requestsPerSecond: round((latencies.length * 1_000) / elapsed),
  ...percentiles(latencies),
  processor: round(processor / latencies.length),
});

const against = (ours: Answered, other: Answered) => ({
  requests: round(ours.requestsPerSecond / other.requestsPerSecond),
  processor: round(other.processor / ours.processor),
});

/** Asks each server in its turn, round after round, so that what else the machine does falls on all of them. */
const compare = async (
  clients: LoadClients,
  operation: Operation,
  urls: Readonly<Record<ServerName, string>>,
): Promise<Compared> => {
  const bodies = bodiesOf(operation);
  const turnsOf = (): Turns => ({ elapsed: 0, processor: 0, latencies: [] });
  const taken = { sagalog: turnsOf(), yoga: turnsOf(), apollo: turnsOf() };
  // The first round warms them up.
  for (let n = 0; n <= ROUNDS; n += 1)
    for (const name of Object.keys(taken) as ServerName[]) {
      const load = { url: urls[name], bodies, connections: CONNECTIONS, length: LENGTH };
      const from = process.cpuUsage();
      const { elapsed, latencies } = await clients.ask(load);
      const { user, system } = process.cpuUsage(from);
      if (n === 0) continue;
      taken[name].elapsed += elapsed;
      taken[name].processor += user + system;
      taken[name].latencies.push(...latencies);
    }
  const [sagalog, yoga, apollo] = [answered(taken.sagalog), answered(taken.yoga), answered(taken.apollo)];
  return {
    sagalog,
    yoga,
    apollo,
    ratio: { yoga: against(sagalog, yoga), apollo: against(sagalog, apollo) },
  };
};

const TITLES: Readonly<Record<ServerName, string>> = {
  sagalog: 'ours',
  yoga: 'bare Yoga, from memory',
  apollo: 'Apollo Server, our resolvers and stores',
};

const linesOf = (name: string, compared: Compared): readonly string[] => [
  `${name}:`,
  ...(Object.keys(TITLES) as ServerName[]).map((server) => {
    const { requestsPerSecond, p50, p99, processor } = compared[server];
    return `  ${TITLES[server]}: ${requestsPerSecond.toFixed(0)} requests/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${processor.toFixed(0)} µs of processor time each`;
  }),
  `  ${compared.ratio.yoga.requests} times the requests/s of bare Yoga (${compared.ratio.yoga.processor} for the same processor time), ${compared.ratio.apollo.requests} times those of Apollo (${compared.ratio.apollo.processor})`,
];

/**
 * How many requests for what a console shows are answered, over connections that stay open: beside Yoga alone that has the
 * same answers in memory, and beside Apollo Server that has the same schema, resolvers, stores and guards; in one process.
 */
export const runGraphql: Scenario = async ({ folder, executions = EXECUTIONS }) => {
  const server = await openGraphqlServer(folder, executions);
  const clients = startLoadClients();
  const opened: { close(): Promise<void> }[] = [server];
  try {
    const { url, operations } = server;
    const yoga = await openBareYoga(server.schema, await remember(url, operations));
    opened.push(yoga);
    const apollo = await openApollo(server);
    opened.push(apollo);
    const urls = { sagalog: url, yoga: yoga.url, apollo: apollo.url };
    await agree(Object.values(urls), operations);
    const all: (readonly [Operation['name'], Compared])[] = [];
    for (const operation of operations) all.push([operation.name, await compare(clients, operation, urls)]);
    return {
      lines: [
        `${executions} executions; ${CONNECTIONS} connections, ${ROUNDS} rounds of ${LENGTH} ms for each server in its turn; ${operations.map(({ name, variables }) => `${variables.length} of ${name}`).join(', ')}`,
        ...all.flatMap(([name, compared]) => linesOf(name, compared)),
      ],
      figures: {
        executions,
        connections: CONNECTIONS,
        rounds: ROUNDS,
        length: LENGTH,
        asked: Object.fromEntries(operations.map(({ name, variables }) => [name, variables.length])),
        operations: Object.fromEntries(all),
      },
    };
  } finally {
    clients.stop();
    for (const { close } of opened.toReversed()) await close();
  }
};
