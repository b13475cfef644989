import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/graphql/driver/limits.ts';
import { handClock } from '../spec/clock.ts';
import { sampleForTest } from './sample-server.ts';

const WRITE = encodeURIComponent('mutation { bump }');
const READ_OR_WRITE = encodeURIComponent('query Read { bumps } mutation Write { bump }');

describe('GraphQL over HTTP', () => {
  it('carries out no mutation that comes by GET', async () => {
    const { url, post } = await sampleForTest();
    expect((await fetch(`${url}?query=${WRITE}`)).status).toBe(405);
    expect((await fetch(`${url}?query=${READ_OR_WRITE}&operationName=Write`)).status).toBe(405);
    expect((await post('{ bumps }')).body.data).toEqual({ bumps: 0 });
  });

  it('carries out no mutation that comes as a form, as a page of another site could send it', async () => {
    const { url, post } = await sampleForTest();
    const body = new URLSearchParams({ query: 'mutation { bump }' });
    const answer = await fetch(url, { method: 'POST', body });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }],
    });
    expect((await post('{ bumps }')).body.data).toEqual({ bumps: 0 });
  });

  it.each([
    ['text/plain'],
    ['multipart/form-data; boundary=x'],
    ['application/x-www-form-urlencoded; charset=utf-8'],
    ['TEXT/PLAIN, application/json'],
    ['application/jsonp'],
    [''],
  ])('takes no body that a browser sends for any page without asking: "%s"', async (type) => {
    const { url, post } = await sampleForTest();
    const body = new Blob([JSON.stringify({ query: 'mutation { bump }' })]);
    const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
    expect([answer.status, await answer.json()]).toMatchObject([
      415,
      { errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] },
    ]);
    expect((await post('{ bumps }')).body.data).toEqual({ bumps: 0 });
  });

  it.each(['variables', 'extensions'])('says that %s in its address are no JSON', async (name) => {
    const { url } = await sampleForTest();
    const answer = await fetch(`${url}?query={bumps}&${name}={`);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      {
        errors: [
          { message: `Expected ${name} that is JSON, but it is not.`, extensions: { code: 'BAD_REQUEST' } },
        ],
      },
    ]);
  });

  it('refuses a body over the limit', async () => {
    const { post } = await sampleForTest({ message: 10_000 });
    expect((await post(`{ bumps } #${'x'.repeat(9_000)}`)).status).toBe(200);
    expect((await post(`{ bumps } #${'x'.repeat(10_000)}`)).status).toBe(413);
  });

  it('is served at the path alone', async () => {
    const { url } = await sampleForTest();
    const beside = await fetch(`${url}/more`, { method: 'POST', body: '{}' });
    expect(beside.status).toBe(404);
  });

  it('has no explorer outside development', async () => {
    const { url } = await sampleForTest();
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type') ?? '').not.toContain('text/html');
  });

  it('has an explorer that loads nothing from elsewhere in development', async () => {
    const { url } = await sampleForTest({ development: true });
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain('ticket:created');
    expect(/<(script|link)[^>]+(src|href)=["']?https?:/.exec(html)?.[0]).toBeUndefined();
  });

  it('does not wait for ever for whoever does not send the whole of a request when it stops', async () => {
    const clock = handClock();
    const server = await sampleForTest({ clock });
    const headers = { 'content-type': 'application/json', 'content-length': 1_000 };
    const sent = request(server.url, { method: 'POST', headers });
    const cut = new Promise((resolve) => sent.once('error', resolve));
    const reached = once(server.http, 'request');
    sent.write('{');
    await reached;
    const closing = server.close();
    await clock.armed(clock.now() + LIMITS.owed);
    clock.advance(LIMITS.owed);
    expect(await cut).toMatchObject({ code: 'ECONNRESET' });
    await closing;
  });
});
