import type { Json, JsonObject } from '../../domain/json.ts';
import { apiError } from '../../graphql/errors/api-error.ts';
import type { Assignment, Claim, Reported, ServedActivity, Workers } from '../../ports/workers.ts';
import { notAllowed, type Endpoint } from '../exchange.ts';
import { reader, USUAL_WAIT, type Fields } from './requests.ts';

const PREFIX = '/workers/';

type Ask = (fields: Fields, over: AbortSignal) => Promise<Json>;

const servedOf = (activity: Json): ServedActivity =>
  typeof activity === 'string' ? { name: activity } : (activity as unknown as ServedActivity);

const claimOf = ({ worker, activities, max = 1, wait = USUAL_WAIT }: Fields): Claim => ({
  worker: worker as string,
  activities: (activities as readonly Json[]).map(servedOf),
  max: max as number,
  wait: wait as number,
});

const assignmentJson = ({ traceparent, progress, ...assignment }: Assignment): JsonObject => ({
  ...assignment,
  traceparent: traceparent ?? null,
  progress: progress ?? null,
});

const reportedJson = ({ status, errorType }: Reported): JsonObject => ({
  status,
  errorType: errorType ?? null,
});

const asksOf = (workers: Workers): Readonly<Record<string, readonly [(body: Json) => Fields, Ask]>> => ({
  claim: [
    reader('Claim'),
    async (fields, over) => ({
      attempts: (await workers.claim(claimOf(fields), over)).map(assignmentJson),
    }),
  ],
  heartbeat: [
    reader('Heartbeat'),
    async ({ token, progress }) => {
      const { stop, reason } = await workers.heartbeat(token as string, progress ?? undefined);
      return { stop, reason: reason ?? null };
    },
  ],
  complete: [
    reader('Completion'),
    async ({ token, output = null }) => reportedJson(await workers.complete(token as string, output)),
  ],
  fail: [
    reader('Failure'),
    async ({ token, type, message, details, nonRetryable = false }) =>
      reportedJson(
        await workers.fail(token as string, {
          type: type as string,
          message: message as string,
          nonRetryable: nonRetryable === true,
          ...(details === undefined ? {} : { details }),
        }),
      ),
  ],
});

/** `POST /workers/claim`, `heartbeat`, `complete` and `fail`: what processes ask that serve activities. */
export const workersEndpoint = (workers: Workers): Endpoint => {
  const asks = asksOf(workers);
  return async ({ method, path, body, over }) => {
    if (!path.startsWith(PREFIX)) return undefined;
    const name = path.slice(PREFIX.length);
    const found = Object.hasOwn(asks, name) ? asks[name] : undefined;
    if (found === undefined)
      throw apiError(
        'NOT_FOUND',
        `Expected one of ${Object.keys(asks).join(', ')} behind ${PREFIX}, but found none.`,
      );
    if (method !== 'POST') throw notAllowed('POST', method);
    const [read, ask] = found;
    return {
      route: 'POST /workers/<what>',
      run: async () => ({ status: 200, body: await ask(read(await body()), over) }),
    };
  };
};
