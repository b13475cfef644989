import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { among } from '../../src/access-config.ts';
import { addressOf, createRequests, reasonIn } from '../../src/graphql/requests.ts';

const requestOf = (headers: object, remoteAddress: string | undefined = '10.0.0.7') =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;

const PROXIES = among(['10.0.0.0/8', 'fd00::/8']);
const NUMBERED = () => {
  let last = 0;
  return { next: () => `id-${++last}`, random: () => 0 };
};

describe('where a request came from', () => {
  it('is its peer, whatever that says, unless it is a proxy that is believed', () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.9' };
    expect(addressOf(requestOf(forwarded), () => false)).toBe('10.0.0.7');
    expect(addressOf(requestOf(forwarded, '192.0.2.1'), PROXIES)).toBe('192.0.2.1');
    expect(addressOf(requestOf(forwarded), PROXIES)).toBe('203.0.113.9');
    expect(addressOf(requestOf(forwarded, '::ffff:10.0.0.7'), PROXIES)).toBe('203.0.113.9');
    expect(addressOf(requestOf({}), PROXIES)).toBe('10.0.0.7');
  });

  it('is the last one before the proxies, however much somebody says before that', () => {
    const said = { 'x-forwarded-for': '127.0.0.1, 203.0.113.9, 10.1.1.1' };
    expect(addressOf(requestOf(said), PROXIES)).toBe('203.0.113.9');
    expect(addressOf(requestOf({ 'x-forwarded-for': '10.1.1.1, 10.1.1.2' }), PROXIES)).toBe('10.1.1.1');
  });

  it.each([
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['2001:db8::7', '2001:db8::7'],
    ['fd00::7', 'fd00::7'],
    ['unknown', '10.0.0.7'],
    ['<script>', '10.0.0.7'],
    ['', '10.0.0.7'],
  ])('is read from what proxies write: %s', (written, address) => {
    expect(addressOf(requestOf({ 'x-forwarded-for': written }), PROXIES)).toBe(address);
  });

  it('is not known of a connection that is gone', () => {
    const gone = { headers: {}, socket: {} } as unknown as IncomingMessage;
    expect(addressOf(gone, among(['10.0.0.7']))).toBeUndefined();
  });
});

describe('what a request is known by', () => {
  it('is what it brings, when that is an id', () => {
    const requests = createRequests(NUMBERED());
    expect(requests.of(requestOf({ 'x-request-id': 'a1b2-C3.d4' })).id).toBe('a1b2-C3.d4');
    for (const said of ['', 'a b', 'x'.repeat(129), 'a\nb'])
      expect(requests.of(requestOf({ 'x-request-id': said })).id).toMatch(/^id-\d$/);
  });

  it('stays the same for a request, and is another for each operation of a socket', () => {
    const requests = createRequests(NUMBERED());
    const request = requestOf({});
    expect([requests.of(request).id, requests.of(request).id]).toEqual(['id-1', 'id-1']);
    const opened = requestOf({ upgrade: 'websocket', 'x-request-id': 'once' });
    expect([requests.of(opened).id, requests.of(opened).id]).toEqual(['id-2', 'id-3']);
  });

  it('has a reason of at most 1,000 characters, or none', () => {
    expect(reasonIn({ 'x-workflow-reason': 'y'.repeat(2_000) })).toHaveLength(1_000);
    expect([reasonIn({}), reasonIn({ 'x-workflow-reason': '' })]).toEqual([undefined, undefined]);
  });
});
