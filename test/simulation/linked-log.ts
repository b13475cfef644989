import { LogUnavailable, START } from '../../src/ports/event-log.ts';
import type { EventLog, LogBatch, SubscribeOptions } from '../../src/ports/event-log.ts';
import type { Link, Request } from './network.ts';
import type { Random } from './random.ts';
import type { SimulatedLog } from './simulated-log.ts';

const DONE: IteratorResult<LogBatch> = { done: true, value: undefined };

/** Follows the log over the network: slowly, in batches of any size, with a connection that breaks now and then. */
const followOver = (
  log: SimulatedLog,
  link: Link,
  random: Random,
  options: SubscribeOptions,
  closed: Promise<IteratorResult<LogBatch>>,
): AsyncIterator<LogBatch> => {
  const { signal, batch: most = 512 } = options;
  const ending = Promise.withResolvers<IteratorResult<LogBatch>>();
  const batch = random.chance(0.5) ? most : random.int(1, Math.min(most, 40));
  let position = options.after;
  const connect = () => log.subscribe({ ...options, after: position, batch })[Symbol.asyncIterator]();
  let batches = connect();

  const end = (): void => {
    if (!link.isCut) ending.resolve(DONE);
  };
  if (signal.aborted) end();
  signal.addEventListener('abort', end);

  const pull = async (): Promise<IteratorResult<LogBatch>> => {
    if (random.chance(0.05)) {
      await batches.return?.();
      batches = connect();
    }
    await link.under('log');
    const next = await batches.next();
    if (next.done === true) return DONE;
    await link.under('log');
    // Only now: what is lost on its way is sent again.
    ({ position } = next.value);
    return next;
  };

  return {
    next: () =>
      new Promise((resolve, reject) => {
        // Nothing comes out of a link that was cut.
        const unlessCut = (result: IteratorResult<LogBatch>) =>
          link.hear(() => (link.isCut ? undefined : resolve(result)));
        Promise.race([closed, ending.promise, pull()]).then(unlessCut, reject);
      }),
    return: async () => {
      end();
      await batches.return?.();
      return DONE;
    },
  };
};

/** The first revision of the commit that a stream is cut off in. */
const commitAt = (log: SimulatedLog, stream: string, revision: number): number => {
  const at = Math.floor(revision);
  return log.stream(stream)[at]?.commit.revision ?? at;
};

/** The log as a node reaches it over its link. */
export const linkedLog = (log: SimulatedLog, link: Link, random: Random): EventLog => {
  const unavailable = (message: string) => new LogUnavailable(message);
  const closed = Promise.withResolvers<IteratorResult<LogBatch>>();
  const send = <T>(about: string, carryOut: (share: number) => T, lane?: string): Promise<T> => {
    const request: Request<T> = { service: 'log', about, carryOut, unavailable };
    return link.send(lane === undefined ? request : { ...request, lane });
  };
  return {
    append: (commit) =>
      send(`append ${commit.stream}@${commit.revision}`, () => log.appendNow(commit), commit.stream),
    read: (stream, options) => send(`read ${stream}`, () => log.readNow(stream, options), stream),
    truncate: (stream, before) =>
      send(
        `truncate ${stream}`,
        (share) => log.truncateNow(stream, commitAt(log, stream, before * share)),
        stream,
      ),
    head: (stream) =>
      send(`head ${stream}`, () => {
        const last = log.stream(stream).at(-1);
        return last && { revision: last.revision, hash: last.commit.hash };
      }),
    end: () => send('end', () => log.events.at(-1)?.position ?? START),
    subscribe: (options) => ({
      [Symbol.asyncIterator]: () => followOver(log, link, random, options, closed.promise),
    }),
    ping: () => send('ping', () => undefined),
    close: async () => closed.resolve(DONE),
  };
};
