import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answersOf, openStream } from '../graphql/sse.ts';
import { serveApi, type ServedApi } from './served-api.ts';
import { APPROVED, approve, endOf, NOTE, register, start } from './workflows.ts';

interface Seen {
  readonly position: string;
  readonly type: string;
}

const EVENTS = 'position type stream revision hash facts payload';

const historyOf = async (api: ServedApi, id: string): Promise<readonly Seen[]> => {
  const { events } = await api.query<{ events: { nodes: readonly Seen[] } }>(
    `query ($id: ID!) { events(executionId: $id, first: 100) { nodes { ${EVENTS} } } }`,
    { id },
  );
  return events.nodes;
};

describe('subscriptions', () => {
  let api: ServedApi;

  beforeAll(async () => {
    api = await serveApi();
    await register(api, APPROVED);
  });

  afterAll(() => api.close());

  it("have an execution's events over a socket until its last one", async () => {
    const { executionId: id } = await start(api, 'approved_delivery', { order: 1 });
    const seen: Seen[] = [];
    const events = api.follow<{ executionEvents: Seen }>(
      `subscription ($id: ID!) { executionEvents(id: $id) { ${EVENTS} } }`,
      { id },
    );
    for await (const { executionEvents } of events) {
      seen.push(executionEvents);
      if (executionEvents.type === 'signal.awaited') await approve(api, id);
    }
    expect(seen.at(-1)?.type).toBe('execution.completed');
    expect(seen).toEqual(await historyOf(api, id));
  });

  it("have an execution's events by SSE, also behind a position", async () => {
    const { executionId: id } = await start(api, 'approved_delivery', { order: 2 });
    await approve(api, id);
    await endOf(api, id);
    const history = await historyOf(api, id);
    const after = history[2]?.position ?? '';
    const seen: unknown[] = [];
    const stream = await openStream(
      api.url,
      `subscription { executionEvents(id: "${id}", after: "${after}") { ${EVENTS} } }`,
    );
    for await (const { data } of answersOf(stream)) seen.push(data?.['executionEvents']);
    expect(seen).toEqual(history.slice(3));
    const last = history.at(-1)?.position ?? '';
    const behind = await openStream(
      api.url,
      `subscription { executionEvents(id: "${id}", after: "${last}") { id } }`,
    );
    for await (const answer of answersOf(behind)) seen.push(answer);
    expect(seen).toHaveLength(history.length - 3);
  });

  it('have all events that a filter wants, each once, for clients that drop and resume', async () => {
    const FOLLOW = `subscription ($after: Position) {
      events(after: $after, filter: { workflow: "approved_delivery", types: ["execution.started", "execution.completed"] }) { position }
    }`;
    const EXECUTIONS = 60;
    const run = async (): Promise<void> => {
      for (let number = 0; number < EXECUTIONS; number += 1) {
        const { executionId } = await start(api, 'approved_delivery', { order: number });
        await approve(api, executionId);
      }
    };
    const followFrom = async (after: string, many: number, drop: number): Promise<readonly string[]> => {
      const seen: string[] = [];
      while (seen.length < many) {
        let left = drop;
        const events = api.follow<{ events: Seen }>(FOLLOW, { after: seen.at(-1) ?? after });
        for await (const { events: event } of events) {
          seen.push(event.position);
          left -= 1;
          if (left === 0 || seen.length === many) break;
        }
      }
      return seen;
    };
    const { executionId } = await start(api, 'approved_delivery', {});
    const [began] = await historyOf(api, executionId);
    const position = began?.position ?? '0';
    const [, ...clients] = await Promise.all([
      run(),
      ...[1, 3, 7, 1_000].map((drop) => followFrom(position, 2 * EXECUTIONS, drop)),
    ]);
    for (const seen of clients) {
      expect(new Set(seen).size).toBe(2 * EXECUTIONS);
      expect(seen).toEqual(seen.toSorted((a, b) => Number(BigInt(a) - BigInt(b))));
      expect(seen).toEqual(clients[0]);
    }
  });

  it('have counters as they change, over a socket', async () => {
    await register(api, NOTE);
    const { position } = await start(api, 'note');
    // The workflow is known to the views by then.
    await api.query('query ($waitFor: Position) { workflows(waitFor: $waitFor) { nodes { name } } }', {
      waitFor: position,
    });
    const seen: number[] = [];
    const counters = api.follow<{ monitoringChanged: { completedToday: number } }>(
      'subscription { monitoringChanged(workflow: "note") { completedToday } }',
    );
    for await (const { monitoringChanged } of counters) {
      seen.push(monitoringChanged.completedToday);
      if (monitoringChanged.completedToday === 4) break;
      if (seen.length === 1) await Promise.all([1, 2, 3].map(() => start(api, 'note')));
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(4);
  });

  it('are told why they cannot be', async () => {
    const refused = api.follow('subscription { executionEvents(id: "no-one") { id } }');
    await expect(refused[Symbol.asyncIterator]().next()).rejects.toThrow('"EXECUTION_NOT_FOUND"');
  });
});
