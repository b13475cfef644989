import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { EventLog, LogBatch } from '../../src/ports/event-log.ts';
import { welcomed } from '../graphql/socket-peers.ts';
import { openHttp } from '../http/open-http.ts';

/** The size of batches by which one query reads all of the log. */
const WHOLE = 4_096;

/** A log that never ends for whoever reads all of it; it knows how many such readers there are. */
const endless = () => {
  const readers = { pulls: 0, open: 0 };
  async function* batches(): AsyncGenerator<LogBatch, void> {
    readers.open += 1;
    try {
      for (;;) {
        readers.pulls += 1;
        await new Promise(setImmediate);
        yield { events: [], position: 0n, caughtUp: false };
      }
    } finally {
      readers.open -= 1;
    }
  }
  return {
    readers,
    log: (log: EventLog): EventLog => ({
      append: (commit) => log.append(commit),
      read: (stream, options) => log.read(stream, options),
      head: (stream) => log.head(stream),
      truncate: (stream, before) => log.truncate(stream, before),
      end: () => log.end(),
      subscribe: (options) => (options.batch === WHOLE ? batches() : log.subscribe(options)),
      ping: () => log.ping(),
      close: () => log.close(),
    }),
  };
};

const DAYS = { query: '{ logDays { day } }' };

const ORDERS = 'workflow: orders\nactivities:\n  - { name: note, activity: transform, input: {} }';

it('a query that takes too long is answered so, and reads no more of the log', async () => {
  const { readers, log } = endless();
  const server = await openHttp({ decorations: { log } }, { SAGALOG_LIMITS: 'query=200ms' });
  await server.register(ORDERS);
  const { body } = await server.send('POST', '/graphql', { json: DAYS });
  expect(body).toMatchObject({ errors: [{ extensions: { code: 'QUERY_TIMEOUT', expected: 200 } }] });
  expect(readers.pulls).toBeGreaterThan(1);
  await expect.poll(() => readers.open).toBe(0);
});

it('a query whose client goes reads no more of the log, and is no fault of the server', async () => {
  const { readers, log } = endless();
  const server = await openHttp({ decorations: { log } });
  await server.register(ORDERS);
  const leaving = new AbortController();
  const asked = fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(DAYS),
    signal: leaving.signal,
  });
  await expect.poll(() => readers.pulls).toBeGreaterThan(1);
  leaving.abort();
  await expect(asked).rejects.toThrow('aborted');
  await expect.poll(() => readers.open).toBe(0);
  expect(server.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it.each([
  ['completes it', 2, (socket: WebSocket) => socket.send(JSON.stringify({ type: 'complete', id: 'a' }))],
  ['closes its socket', 1, (socket: WebSocket) => socket.close()],
  ['breaks its socket off', 1, (socket: WebSocket) => socket.terminate()],
])(
  'a query on a socket reads no more of the log once its client %s, and others go on',
  async (_, others, leave) => {
    const { readers, log } = endless();
    const server = await openHttp({ decorations: { log } }, { SAGALOG_LIMITS: 'query=10m' });
    await server.register(ORDERS);
    const socketUrl = server.url.replace(/^http/, 'ws');
    const [staying, leaving] = [await welcomed({ socketUrl }), await welcomed({ socketUrl })];
    const told: string[] = [];
    leaving.on('message', (data) => told.push((data as Buffer).toString()));
    for (const [socket, id] of [
      [staying, 'a'],
      [leaving, 'a'],
      [leaving, 'b'],
    ] as const)
      socket.send(JSON.stringify({ type: 'subscribe', id, payload: DAYS }));
    await expect.poll(() => readers.open).toBe(3);
    leave(leaving);
    // What another one asks for on the same socket is not left by what is completed.
    await expect.poll(() => readers.open).toBe(others);
    const { pulls } = readers;
    await expect.poll(() => readers.pulls).toBeGreaterThan(pulls + 10);
    expect(readers.open).toBe(others);
    expect(told).toEqual([]);
    staying.close();
    leaving.close();
    await expect.poll(() => readers.open).toBe(0);
    expect(server.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
);
