import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a client asks of a server, request by request. */
export interface Counted {
  /** The server's address by way of the counter. */
  readonly url: string;
  /** How many requests were made since they were forgotten, by command and collection: `insert active_1`. */
  requests(): ReadonlyMap<string, number>;
  forget(): void;
}

const HEADER = 16;
const MESSAGE = 2013;
const STRING = 2;

/** Command and collection of a message: the first element of the document that it begins with. */
const namedIn = (message: Buffer): string => {
  const element = HEADER + 4 + 1 + 4;
  const end = message.indexOf(0, element + 1);
  const command = message.toString('utf8', element + 1, end);
  if (message[element] !== STRING) return command;
  const length = message.readInt32LE(end + 1);
  return `${command} ${message.toString('utf8', end + 5, end + 4 + length)}`;
};

/** Tells of each whole message of a stream, in whatever pieces it comes. */
const eachMessage = (told: (message: Buffer) => void) => {
  let left: Buffer = Buffer.alloc(0);
  return (piece: Buffer): void => {
    left = Buffer.concat([left, piece]);
    while (left.length >= HEADER && left.length >= left.readInt32LE(0)) {
      const length = left.readInt32LE(0);
      if (left.readInt32LE(12) === MESSAGE) told(left.subarray(0, length));
      left = left.subarray(length);
    }
  };
};

/** Stands between clients and a server on this machine until the test ends, and counts what is asked. */
export const countRequests = async (serverUrl: string): Promise<Counted> => {
  const { hostname, port, pathname } = new URL(serverUrl);
  const counts = new Map<string, number>();
  const count = (message: Buffer): void => {
    const name = namedIn(message);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.on('data', eachMessage(count));
    near.pipe(far);
    far.pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return {
    url: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    requests: () => new Map(counts),
    forget: () => counts.clear(),
  };
};
