import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendSlack } from '../../../src/adapters/notifiers/slack.ts';
import { sendWebhook, signatureOf } from '../../../src/adapters/notifiers/webhook.ts';
import { listen, type Loopback } from '../../activities/loopback.ts';
import { CALM, MESSAGE, undelivered } from './message.ts';

const clock = { now: () => Date.UTC(2026, 0, 31, 9, 0, 7, 900) };
const SECRET = 'hush';

const serve = async (answer: (response: ServerResponse) => void): Promise<Loopback> => {
  const server = await listen((_request, response) => answer(response));
  onTestFinished(() => server.close());
  return server;
};

const answering = (status: number, body = '', headers: Readonly<Record<string, string>> = {}) =>
  serve((response) => void response.writeHead(status, headers).end(body));

const send = (origin: string, signal = CALM) =>
  sendWebhook({ url: `${origin}/hook?key=private`, secret: SECRET }, MESSAGE, signal, clock);

describe('a webhook', () => {
  it('is given the message, signed so that its receiver can check who sent it and when', async () => {
    const server = await answering(204);
    await send(server.origin);
    expect(server.arrived).toMatchObject([{ method: 'POST', url: '/hook?key=private' }]);
    const { headers, body = '' } = server.arrived[0] ?? {};
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'sagalog-notification': MESSAGE.id,
      'sagalog-attempt': '2',
      'sagalog-timestamp': String(Date.UTC(2026, 0, 31, 9, 0, 7) / 1_000),
    });
    // As docs/operations.md tells receivers to.
    const signed = `${String(headers?.['sagalog-timestamp'])}.${body}`;
    const expected = `v1=${createHmac('sha256', SECRET).update(signed).digest('hex')}`;
    const given = String(headers?.['sagalog-signature']);
    expect(timingSafeEqual(Buffer.from(given), Buffer.from(expected))).toBe(true);
    expect(JSON.parse(body)).toEqual({
      id: MESSAGE.id,
      workflow: 'refund',
      execution: 'e1',
      step: 'pay',
      recipient: 'admins',
      about: 'execution.failed',
      subject: MESSAGE.subject,
      text: MESSAGE.text,
      requestedAt: '2026-01-31T09:00:00.000Z',
    });
    expect(body).not.toContain(SECRET);
  });

  it('is signed by secret, time and body: another of any of them has another signature', () => {
    const all = [
      signatureOf('a', '1', 'x'),
      signatureOf('b', '1', 'x'),
      signatureOf('a', '2', 'x'),
      signatureOf('a', '1', 'y'),
    ];
    expect(new Set(all).size).toBe(4);
  });

  it.each([
    [500, false],
    [503, false],
    [429, false],
    [408, false],
    [400, true],
    [401, true],
    [404, true],
    [410, true],
    [302, true],
  ])('that answers %i has not taken it, and whether that is final is %s', async (status, isFinal) => {
    const server = await answering(status, 'because\r\n of it', { location: 'http://127.0.0.1:1/' });
    const { type, message, isFinal: found } = await undelivered(send(server.origin));
    expect({ type, found }).toEqual({ type: `Http${status}`, found: isFinal });
    const host = server.origin.slice('http://'.length);
    expect(message).toBe(`Expected ${host} to answer 2xx, but it answered ${status}: because of it.`);
    expect(server.arrived).toHaveLength(1);
  });

  it('may ask to be left alone for a time', async () => {
    const { origin } = await answering(503, '', { 'retry-after': '120' });
    expect((await undelivered(send(origin))).pause).toBe(120_000);
    const other = await answering(503, '', { 'retry-after': 'Sat, 31 Jan 2026 09:00:00 GMT' });
    expect((await undelivered(send(other.origin))).pause).toBeUndefined();
  });

  it('that is not there, or hangs up, may be there later', async () => {
    const gone = await listen(() => undefined);
    await gone.close();
    const refused = await undelivered(send(gone.origin));
    expect(refused).toMatchObject({ type: 'Network', isFinal: false });
    expect(refused.message).toContain('ECONNREFUSED');
    const rude = await serve((response) => void response.destroy());
    expect(await undelivered(send(rude.origin))).toMatchObject({ type: 'Network', isFinal: false });
    for (const { message } of [refused]) expect(message).not.toContain('private');
  });

  it('that does not answer is given up when nobody waits any more', async () => {
    const asked = Promise.withResolvers<void>();
    const { origin } = await serve(() => asked.resolve());
    const abort = new AbortController();
    const sending = undelivered(send(origin, abort.signal));
    await asked.promise;
    abort.abort();
    expect(await sending).toMatchObject({ type: 'Network' });
  });

  it('may answer at any length: it is read to no end, and shown in a line', async () => {
    const { origin } = await serve((response) => {
      response.writeHead(500);
      const more = () => void response.write('x'.repeat(65_536), () => setImmediate(more));
      response.on('error', () => undefined);
      more();
    });
    const { message } = await undelivered(send(origin));
    expect(message.length).toBeLessThan(400);
  });
});

describe('an incoming webhook of Slack', () => {
  it('is given the message as text in which nothing is a mention or a link', async () => {
    const server = await answering(200, 'ok');
    await sendSlack(`${server.origin}/services/T0/B0/XXXX`, MESSAGE, CALM);
    expect(JSON.parse(server.arrived[0]?.body ?? '')).toEqual({
      text:
        '*refund failed at pay: Declined &amp; &lt;done&gt;*\nError: Declined\nnaïve &lt;!channel&gt;\n' +
        `_Notification ${MESSAGE.id}_`,
    });
  });

  it.each([
    [404, 'no_service', true],
    [500, 'rollup_error', false],
  ])('that answers %i %s has not taken it, and its URL is told to nobody', async (status, body, isFinal) => {
    const server = await answering(status, body);
    const error = await undelivered(sendSlack(`${server.origin}/services/T0/B0/XXXX`, MESSAGE, CALM));
    expect(error).toMatchObject({ type: `Http${status}`, isFinal });
    expect(error.message).toContain(body);
    expect(error.message).not.toContain('XXXX');
  });
});
