import { EventStoreDBClient } from '@eventstore/db-client';

/** A client, and how to let go of it. */
export interface Connected {
  readonly client: EventStoreDBClient;
  /** Cancels its calls, at once, and closes its socket. Answers the same when repeated. */
  discard(): Promise<void>;
}

/**
 * The connection string that the client is given: the newer name of the scheme in its older form, and failed
 * appends always thrown, because the client's other way of reporting them names a wrong revision.
 * Throws a `RangeError` for a setting that the client takes and does not heed.
 */
export const connectionString = (url: string, leader?: string): string => {
  const match = /^(?:kurrentdb|esdb)(\+discover)?:\/\/([^@/?]*@)?([^/?]*)\/?(\?.*)?$/.exec(url.trim());
  if (!match)
    throw new RangeError(`Expected a URL that begins with esdb:// or kurrentdb://, but found another.`);
  const [, discover = '', credentials = '', hosts = '', query = ''] = match;
  const settings = query
    .slice(1)
    .split('&')
    .filter((setting) => setting !== '');
  const has = (name: string, value: string): boolean =>
    settings.some((setting) => setting.toLowerCase().replaceAll(/[_-]/g, '') === `${name}=${value}`);
  if (has('tlsverifycert', 'false') && !has('tls', 'false')) {
    throw new RangeError(
      'Expected tlsCAFile=<path> for a server whose certificate is its own, but found tlsVerifyCert=false, which has no effect.',
    );
  }
  const kept = settings.filter((setting) => !/^throw[_-]?on[_-]?append[_-]?failure=/i.test(setting));
  const place = leader === undefined ? `${discover}://${credentials}${hosts}` : `://${credentials}${leader}`;
  return `esdb${place}${kept.length > 0 ? `?${kept.join('&')}` : ''}`;
};

const create = (url: string, leader: string | undefined): EventStoreDBClient =>
  url.startsWith('unix:')
    ? new EventStoreDBClient({ endpoint: url }, { insecure: true })
    : clientOf(connectionString(url, leader));

/** What the client says of a string that it cannot read repeats a part of it, and that may be the password. */
const clientOf = (text: string): EventStoreDBClient => {
  try {
    return EventStoreDBClient.connectionString(text);
  } catch (error) {
    const { expected, location: [from = 0] = [] } = error as {
      readonly expected?: string;
      readonly location?: readonly number[];
    };
    const what = expected === undefined ? '' : `, ${expected} at its character ${from + 1}`;
    throw new RangeError(
      `Expected a URL such as esdb://user:password@host:2113?tls=false${what}, but found another.`,
    );
  }
};

/** Makes a client for the URL, or for the node that is to be talked to in its place. It connects with its first call. */
export const connectClient = (url: string, leader?: string): Connected => {
  const client = create(url, leader);
  // `dispose()` leaves the socket open, and the next client of the same address would share it, dead or alive.
  const channel: Promise<{ close(): void } | undefined> = (
    Reflect.get(client, 'getChannel') as () => Promise<{ close(): void }>
  )().catch(() => undefined);
  const end = async (): Promise<void> => {
    await client.dispose();
    (await channel)?.close();
  };
  let ending: Promise<void> | undefined;
  return { client, discard: () => (ending ??= end()) };
};
