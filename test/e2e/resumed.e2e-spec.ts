import { setImmediate as turn } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { followEvents } from '../../src/client/follow-events.ts';
import { dropConnections } from './dropping-proxy.ts';
import { serveApi, type ServedApi } from './served-api.ts';
import { startServerProcess } from './server-process.ts';
import { NOTE, register, start } from './workflows.ts';

const CLIENTS = 40;
const EXECUTIONS = 120;
const DROPS = 1_000;
/** The most bytes that a connection brings before it breaks: some dozens of events. */
const BYTES = 5_000;

interface Seen {
  readonly cursor: string;
  readonly type: string;
}

const FEEDS = {
  events: `subscription ($after: Position) { told: events(after: $after, filter: { workflow: "note" }) { cursor type } }`,
  logs: `subscription ($after: Cursor) { told: logs(after: $after, filter: { workflow: "note" }) { cursor type } }`,
};

type Feed = keyof typeof FEEDS;

/** How many values say that an execution is over: of the rows of a log there are two. */
const ENDS: Readonly<Record<Feed, number>> = { events: EXECUTIONS, logs: 2 * EXECUTIONS };

/** Follows to the end of the last execution over connections that may break, each time behind the last value seen. */
const follow = async (port: number, feed: Feed, from: string): Promise<readonly string[]> => {
  const seen: string[] = [];
  let ends = 0;
  while (ends < ENDS[feed]) {
    const client = createClient({
      url: `ws://127.0.0.1:${port}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    try {
      const told = client.iterate<{ told: Seen }>({
        query: FEEDS[feed],
        variables: { after: seen.at(-1) ?? from },
      });
      for await (const { data, errors } of told) {
        if (data == null) throw new Refused(JSON.stringify(errors));
        seen.push(data.told.cursor);
        if (data.told.type === 'execution.completed') ends += 1;
        if (ends === ENDS[feed]) break;
      }
    } catch (error) {
      if (error instanceof Refused) throw error;
      await turn();
    }
    await client.dispose();
  }
  return seen;
};

class Refused extends Error {}

const startAll = async (api: ServedApi, many: number): Promise<void> => {
  for (let at = 0; at < many; at += 8)
    await Promise.all(Array.from({ length: Math.min(8, many - at) }, () => start(api, 'note')));
};

describe('subscriptions that break', () => {
  let api: ServedApi;
  let begin: string;

  beforeAll(async () => {
    api = await serveApi();
    begin = await register(api, NOTE);
  });

  afterAll(() => api.close());

  it('lose nothing and tell nothing twice when 1,000 connections break under load', async () => {
    const port = Number(new URL(api.url).port);
    const proxy = await dropConnections(() => port, { drops: DROPS, bytes: BYTES, seed: 7 });
    const feedOf = (client: number): Feed => (client % 2 === 0 ? 'events' : 'logs');
    const [, ...clients] = await Promise.all([
      startAll(api, EXECUTIONS),
      ...Array.from({ length: CLIENTS }, (_, client) => follow(proxy.port, feedOf(client), begin)),
    ]);
    const there = { events: await follow(port, 'events', begin), logs: await follow(port, 'logs', begin) };
    expect(there.logs.length).toBeGreaterThan(there.events.length);
    const counts = { drops: proxy.drops, lost: 0, doubled: 0 };
    for (const [client, seen] of clients.entries()) {
      const all = there[feedOf(client)];
      counts.lost += all.filter((cursor) => !new Set(seen).has(cursor)).length;
      counts.doubled += seen.length - new Set(seen).size;
      expect(seen).toEqual(all);
    }
    await proxy.close();
    expect(counts).toEqual({ drops: DROPS, lost: 0, doubled: 0 });
  });
});

it('are followed through a server that is killed and comes back', async () => {
  const api = await serveApi();
  const begin = await register(api, NOTE);
  const seen: Seen[] = [];
  let port = Number(new URL(api.url).port);
  // The server comes back at another port, which nobody else can have taken meanwhile.
  const proxy = await dropConnections(() => port, { drops: 0, bytes: 1, seed: 1 });
  const url = `http://127.0.0.1:${proxy.port}/graphql`;
  const following = (async () => {
    for await (const { cursor, type } of followEvents({
      url,
      after: begin,
      filter: { workflow: 'note' },
    })) {
      seen.push({ cursor, type });
      if (seen.filter((event) => event.type === 'execution.completed').length === 32) return;
    }
  })();
  await startAll(api, 16);
  await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThan(20);
  await api.kill();
  const again = await startServerProcess({ SAGALOG_DATA: api.data });
  port = Number(new URL(again.url).port);
  await startAll({ ...api, query: again.query }, 16);
  await following;
  const there: string[] = [];
  for await (const { cursor, type } of followEvents({
    url: again.url,
    after: begin,
    filter: { workflow: 'note' },
  })) {
    there.push(cursor);
    if (type === 'execution.completed' && there.length >= seen.length) break;
  }
  expect(seen.map(({ cursor }) => cursor)).toEqual(there);
  await proxy.close();
  await again.kill('SIGTERM');
  await api.close();
});
