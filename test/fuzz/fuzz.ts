import {
  buildClientSchema,
  getIntrospectionQuery,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { createBySocket, type BySocket } from './by-socket.ts';
import { codesIn, faultOf, type Came } from './judge.ts';
import { HIDDEN, SAID, type PlantedServer } from './planted.ts';
import { createRequests, type Sent } from './requests.ts';
import { asker, settle } from './settled.ts';

/** What was found. */
export interface Found {
  readonly seed: number;
  readonly operations: number;
  /** How many there were of each kind. */
  readonly kinds: Readonly<Record<string, number>>;
  /** How often each code came back; OK for what had no error. */
  readonly codes: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly broken: readonly Broken[];
}

/** An operation that something is wrong with. */
export interface Broken {
  readonly n: number;
  readonly kind: string;
  readonly why: string;
  readonly sent: string;
  readonly came: string;
}

/** What is sent. */
export interface FuzzOptions {
  readonly seed: number;
  readonly operations: number;
  /** The first of them. */
  readonly from: number;
}

/** Operations under way at once. */
const LANES = 16;

/** Milliseconds after which nobody waits any more; callers of `waitFor` are patient for 5,000. */
const PATIENCE = 60_000;

const SHOWN = 2_000;

const count = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

const byHttp = async (url: string, { method, search, headers, body }: Sent, who: object): Promise<Came> => {
  const response = await fetch(`${url}${search}`, {
    method,
    headers: { ...headers, ...who },
    body: body ?? null,
    signal: AbortSignal.timeout(PATIENCE),
  });
  return { status: response.status, text: await response.text() };
};

const schemaOf = async ({ server, admin }: PlantedServer): Promise<GraphQLSchema> =>
  buildClientSchema(await asker(server.url)<IntrospectionQuery>(admin, getIntrospectionQuery()));

const failure = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'no error';

/** Asks a server for operations of a seed, and says what came of them. */
export const fuzz = async (
  planted: PlantedServer,
  { seed, operations, from }: FuzzOptions,
): Promise<Found> => {
  const { url } = planted.server;
  const { callers, known } = await settle(planted);
  const request = createRequests(await schemaOf(planted), known, seed, callers.length);
  const secrets = [...HIDDEN, SAID];
  const [kinds, codes, statuses] = [{}, {}, {}];
  const broken: Broken[] = [];
  let next = from;

  const check = (n: number, sent: Sent, came: Came): void => {
    const asked = `${sent.search} ${sent.body ?? ''}`;
    count(kinds, sent.kind);
    count(statuses, sent.bySocket ? 'socket' : String(came.status));
    for (const code of new Set(codesIn(came.text))) count(codes, code);
    if (!came.text.includes('"errors"') && came.status < 400) count(codes, 'OK');
    const why = faultOf(came, secrets, asked);
    if (why !== undefined)
      broken.push({ n, kind: sent.kind, why, sent: asked.slice(0, SHOWN), came: came.text.slice(0, SHOWN) });
  };

  const lane = async (): Promise<void> => {
    const sockets: readonly BySocket[] = callers.map((headers) => createBySocket(url, headers));
    while (next < from + operations) {
      const n = next;
      next += 1;
      const sent = request(n);
      try {
        const socket = sent.bySocket ? sockets[sent.caller] : undefined;
        const came = await (socket === undefined
          ? byHttp(url, sent, callers[sent.caller] ?? {})
          : socket.send(sent.body ?? '', sent.kind === 'subscription'));
        check(n, sent, came);
      } catch (error) {
        broken.push({
          n,
          kind: sent.kind,
          why: failure(error),
          sent: (sent.body ?? sent.search).slice(0, SHOWN),
          came: '',
        });
      }
    }
    for (const socket of sockets) socket.close();
  };

  await Promise.all(Array.from({ length: LANES }, lane));
  return { seed, operations, kinds, codes, statuses, broken };
};
