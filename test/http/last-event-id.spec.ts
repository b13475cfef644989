import { expect, it } from 'vitest';
import { eventsIn, type StreamedEvent } from '../../src/client/event-stream.ts';
import { openHttp } from './open-http.ts';

const ORDER = `
workflow: order
trigger: { http: { method: POST, path: /order } }
activities:
  - name: note
    activity: log
    input: { message: Noted }
`;

const streamed = async (
  url: string,
  query: string,
  lastEventId?: string,
): Promise<readonly StreamedEvent[]> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    body: JSON.stringify({ query }),
  });
  const seen: StreamedEvent[] = [];
  for await (const event of eventsIn(response.body ?? new ReadableStream()))
    if (event.type === 'next') seen.push(event);
  return seen;
};

it('goes on where an event stream says that its client was, whatever the document says', async () => {
  const server = await openHttp();
  await server.register(ORDER);
  const { body } = await server.send('POST', '/order', { json: {} });
  const id = body['executionId'] as string;
  await server.core.engine.ended(id);
  const query = `subscription { executionEvents(id: "${id}", after: "0") { at: position } }`;
  const all = await streamed(server.url, query);
  expect(all.length).toBeGreaterThan(3);
  const positions = all.map(({ data }) => (JSON.parse(data) as Positions).data.executionEvents.at);
  expect(all.map((event) => event.id)).toEqual(positions);
  for (const [at, event] of all.entries())
    expect(await streamed(server.url, query, event.id)).toEqual(all.slice(at + 1));
});

interface Positions {
  readonly data: { readonly executionEvents: { readonly at: string } };
}

it('has an id for each change of a view', async () => {
  const server = await openHttp();
  await server.register(ORDER);
  const { body } = await server.send('POST', '/order', { json: {} });
  const id = body['executionId'] as string;
  await server.core.engine.ended(id);
  const entries = `subscription { timelineChanged(executionId: "${id}") { cursor } }`;
  const told = await streamed(server.url, entries);
  expect(told.map((event) => event.id)).toEqual(
    told.map(({ data }) => (JSON.parse(data) as Changes).data.timelineChanged.cursor),
  );
  expect(await streamed(server.url, entries, told[0]?.id)).toEqual(told.slice(1));
});

interface Changes {
  readonly data: { readonly timelineChanged: { readonly cursor: string } };
}

it('refuses what is no cursor', async () => {
  const server = await openHttp();
  const [answer, ...more] = await streamed(server.url, 'subscription { events { id } }', 'yesterday');
  expect(more).toEqual([]);
  expect(JSON.parse(answer?.data ?? '')).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT', found: '"yesterday"' } }],
  });
});
