import { describe, expect, it } from 'vitest';
import { executionIdOf } from '../../src/domain/uuid.ts';
import { recordedOf } from '../spec/engine.ts';
import { holdAppends } from '../spec/held-appends.ts';
import { openHttp, type SendOptions } from './open-http.ts';

const TICKETS = `
workflow: tickets
trigger: { event: ticket:created, conditions: { priority: high } }
variables: { ticket: '\${event.id}' }
activities:
  - name: rest
    wait: { signal: go }
`;

describe('a webhook', () => {
  it('accepts the body as an event, and says what it starts', async () => {
    const { register, send, core } = await openHttp();
    await register(TICKETS);
    const json = { id: 'T-1', priority: 'high' };
    const { status, headers, body } = await send('POST', '/events/ticket:created', { json });
    expect(status).toBe(202);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    const id = executionIdOf('tickets', body['eventId'] as string);
    const end = String(await core.log.end());
    expect(body).toEqual({
      eventId: expect.any(String) as string,
      skipped: [],
      gathered: [],
      executions: [{ executionId: id, created: true, position: end }],
      position: end,
    });
    const [started] = await recordedOf(core.log, id);
    expect(started).toMatchObject({ type: 'execution.started', facts: { trigger: 'ticket:created' } });
    expect(JSON.parse(started?.payload ?? '')).toEqual({
      input: null,
      event: json,
      variables: { ticket: 'T-1' },
    });
  });

  it('says what it does not start, since one runs', async () => {
    const { register, send } = await openHttp();
    await register(
      'workflow: one\ntrigger: { event: tap, singleton: true }\nactivities: [{ name: run, wait: { signal: full } }]\n',
    );
    const first = await send('POST', '/events/tap');
    const [started] = first.body['executions'] as readonly { readonly executionId: string }[];
    expect((await send('POST', '/events/tap')).body).toMatchObject({
      executions: [],
      skipped: [{ workflow: 'one', running: started?.executionId }],
    });
  });

  it('says what it is going to start with others', async () => {
    const { register, send } = await openHttp();
    await register(
      'workflow: many\ntrigger: { event: tap, batch: { size: 2, timeout: 1h } }\nactivities: [{ name: run, wait: { signal: full } }]\n',
    );
    expect((await send('POST', '/events/tap')).body).toMatchObject({
      executions: [],
      gathered: [{ workflow: 'many', count: 1, dueAt: expect.stringMatching(/^\d{4}-.*Z$/) as string }],
    });
    expect((await send('POST', '/events/tap')).body).toMatchObject({
      executions: [{ created: true }],
      gathered: [],
    });
  });

  it('with the same Idempotency-Key is the same event', async () => {
    const { register, send, core } = await openHttp();
    await register(TICKETS);
    const sent = { json: { id: 1, priority: 'high' }, headers: { 'Idempotency-Key': 'a-key' } };
    const first = await send('POST', '/events/ticket:created', sent);
    const end = await core.log.end();
    const again = await send('POST', '/events/ticket:created', sent);
    expect(again.body).toMatchObject({ eventId: first.body['eventId'], executions: [{ created: false }] });
    expect(await core.log.end()).toBe(end);
  });

  it('may have its type encoded, no body, and other kinds of JSON', async () => {
    const { send } = await openHttp();
    expect(await send('POST', '/events/ticket%3Aclosed')).toMatchObject({
      status: 202,
      body: { executions: [] },
    });
    const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
    expect(await send('POST', '/events/a.b', { body: '{}', headers })).toMatchObject({ status: 202 });
  });

  it.each<readonly [string, number, string, string, SendOptions]>([
    ['a type that is no name', 400, 'BAD_USER_INPUT', '/events/9', {}],
    ['a type that is encoded wrongly', 400, 'BAD_USER_INPUT', '/events/%zz', {}],
    ['no type', 400, 'BAD_USER_INPUT', '/events/', {}],
    ['more behind the type', 404, 'NOT_FOUND', '/events/a/b', {}],
    ['what is no JSON', 400, 'BAD_USER_INPUT', '/events/a', { body: '{"a":' }],
    ['what is no UTF-8', 400, 'BAD_USER_INPUT', '/events/a', { body: new Uint8Array([0x22, 0xff, 0x22]) }],
    ['digits that would be lost', 400, 'BAD_USER_INPUT', '/events/a', { body: '[9007199254740993]' }],
    [
      'a nesting without end',
      400,
      'BAD_USER_INPUT',
      '/events/a',
      { body: '['.repeat(1e5) + ']'.repeat(1e5) },
    ],
    ['an empty key', 400, 'BAD_USER_INPUT', '/events/a', { headers: { 'idempotency-key': '' } }],
    ['a long key', 400, 'BAD_USER_INPUT', '/events/a', { headers: { 'idempotency-key': 'x'.repeat(201) } }],
    [
      'a form',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      '/events/a',
      { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    [
      'text',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      '/events/a',
      { body: '{}', headers: { 'content-type': 'text/plain' } },
    ],
    [
      'what is compressed',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      '/events/a',
      { body: '{}', headers: { 'content-encoding': 'gzip' } },
    ],
    ['more than a payload may have', 413, 'PAYLOAD_TOO_LARGE', '/events/a', { json: 'x'.repeat(600_000) }],
    ['more than a body may have', 413, 'PAYLOAD_TOO_LARGE', '/events/a', { json: 'x'.repeat(5_000_000) }],
    [
      'a page of another site',
      403,
      'FORBIDDEN',
      '/events/a',
      { headers: { 'sec-fetch-site': 'cross-site' } },
    ],
  ])('refuses %s, and stores nothing', async (_, status, code, path, sent) => {
    const { send, core } = await openHttp();
    const end = await core.log.end();
    const answer = await send('POST', path, sent);
    expect(answer).toMatchObject({
      status,
      body: { error: { code, message: expect.stringMatching(/^Expected/) as string } },
    });
    expect(await core.log.end()).toBe(end);
  });

  it('is a POST', async () => {
    const { send } = await openHttp();
    const { status, headers, body } = await send('PUT', '/events/a', { json: 1 });
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
    expect(body).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } });
  });

  it('says when to try again when there is too much under way', async () => {
    const appends = holdAppends();
    const { send } = await openHttp({ decorations: { log: appends.decorate } }, { SAGALOG_MAX_PENDING: '1' });
    const first = send('POST', '/events/a');
    await appends.begun;
    const { status, headers, body } = await send('POST', '/events/a');
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(body).toMatchObject({ error: { code: 'OVERLOADED', retryAfter: 1_000 } });
    appends.release();
    expect(await first).toMatchObject({ status: 202 });
  });
});
