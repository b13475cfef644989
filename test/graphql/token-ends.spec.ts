import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { guardSchema } from '../../src/graphql/access/guard.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { handClock } from '../spec/clock.ts';
import { countOpenSources } from './counted-source.ts';
import { sampleForTest, type SampleOptions } from './sample-server.ts';
import { ask, clientOf, closeOf, messagesOf, socketTo, welcomed } from './socket-peers.ts';
import { answersOf, openStream } from './sse.ts';

const ANYTHING = { role: 'viewer', on: 'some' } as const;
const FIELDS = [
  'Query.bumps Query.fail Query.links Query.echo Mutation.bump',
  'Subscription.numbers Subscription.texts Subscription.silence Subscription.broken Subscription.beads Subscription.refused',
].flatMap((names) => names.split(' '));

const identity = (until: number | undefined, ended?: AbortSignal) => ({
  actor: { id: 'ann', kind: 'user', via: 'jwt' } as const,
  access: { tenant: 'default', grants: [{ role: 'viewer' }] } as const,
  user: 'ann',
  until,
  ...(ended === undefined ? {} : { ended }),
});

const accessUntil = (
  clock: Clock,
  until: number | undefined,
  ended?: AbortSignal,
): NonNullable<SampleOptions['access']> => ({
  contextOf: () => ({ identity: identity(until, ended), clock, caller: {}, asked: new Set() }),
  guard: (schema) => guardSchema(schema, Object.fromEntries(FIELDS.map((name) => [name, ANYTHING]))),
  opens: () => Promise.resolve(identity(until, ended)),
});

const endedAs = (why: string) =>
  expect.objectContaining({
    message: expect.stringContaining(why) as string,
    extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) as object,
  }) as object;

describe('a token that expires', () => {
  it('ends what was subscribed to with it by an event stream, which says why', async () => {
    const clock = handClock();
    const access = accessUntil(clock, clock.now() + 1_000);
    const server = await sampleForTest({ clock, access });
    const open = countOpenSources();
    const answers = answersOf(await openStream(server.url, 'subscription { silence }'));
    const first = answers.next();
    await expect.poll(open).toBe(1);
    clock.advance(1_000);
    expect((await first).value?.errors).toEqual([endedAs('has expired')]);
    expect((await answers.next()).done).toBe(true);
    await expect.poll(open).toBe(0);
  });

  it('closes the socket that was opened with it, which says why', async () => {
    const clock = handClock();
    const server = await sampleForTest({ clock, access: accessUntil(clock, clock.now() + 1_000) });
    const open = countOpenSources();
    const socket = await welcomed(server);
    const messages = messagesOf(socket);
    ask(socket, 'a', 'subscription { silence }');
    await expect.poll(open).toBe(1);
    const closed = new Promise<readonly [number, string]>((resolve) => {
      socket.once('close', (code: number, reason: Buffer) => resolve([code, reason.toString()]));
    });
    clock.advance(1_000);
    expect(await closed).toEqual([4403, expect.stringContaining('has expired')]);
    expect(messages.every(({ type }) => type === 'error')).toBe(true);
    await expect.poll(open).toBe(0);
  });

  it('leaves no timer behind what ended before it', async () => {
    const clock = handClock();
    const server = await sampleForTest({ clock, access: accessUntil(clock, clock.now() + 1_000) });
    const socket = await welcomed(server);
    ask(socket, 'a', 'subscription { broken(how: "bug") }');
    const closed = closeOf(socket);
    await expect.poll(() => clock.due.length).toBeGreaterThan(0);
    socket.close();
    await closed;
    await expect.poll(() => clock.due).toEqual([]);
  });
});

describe('a key that is revoked', () => {
  it('ends what is subscribed to with it, whatever is on its way, and what is opened too late', async () => {
    const revoking = new AbortController();
    const clock = handClock();
    const access = accessUntil(clock, undefined, revoking.signal);
    const server = await sampleForTest({ clock, access });
    const open = countOpenSources();
    const stream = await openStream(server.url, 'subscription { silence }');
    const answers = answersOf(stream);
    const first = answers.next();
    await expect.poll(open).toBe(1);
    revoking.abort();
    expect((await first).value?.errors).toEqual([endedAs('was revoked')]);
    expect((await answers.next()).done).toBe(true);
    await expect.poll(open).toBe(0);
    const late = answersOf(await openStream(server.url, 'subscription { silence }'));
    expect((await late.next()).value?.errors).toEqual([endedAs('was revoked')]);
    await expect.poll(open).toBe(0);
  });

  it('closes the sockets that were opened with it, which say why', async () => {
    const revoking = new AbortController();
    const access = accessUntil(handClock(), undefined, revoking.signal);
    const server = await sampleForTest({ access });
    const open = countOpenSources();
    const socket = await welcomed(server);
    ask(socket, 'a', 'subscription { silence }');
    await expect.poll(open).toBe(1);
    const closed = new Promise<readonly [number, string]>((resolve) => {
      socket.once('close', (code: number, reason: Buffer) => resolve([code, reason.toString()]));
    });
    revoking.abort();
    expect(await closed).toEqual([4403, expect.stringContaining('was revoked')]);
    await expect.poll(open).toBe(0);
  });

  it('leaves nothing behind that listens to it where all has ended before', async () => {
    const { signal } = new AbortController();
    const server = await sampleForTest({ access: accessUntil(handClock(), undefined, signal) });
    const socket = await welcomed(server);
    ask(socket, 'a', 'subscription { broken(how: "bug") }');
    const closed = closeOf(socket);
    await expect.poll(() => getEventListeners(signal, 'abort').length).toBeGreaterThan(0);
    socket.close();
    await closed;
    await expect.poll(() => getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a socket', () => {
  it('of nobody who is known is closed, and told why', async () => {
    const access = {
      ...accessUntil(handClock(), undefined),
      opens: () => Promise.reject(new Error('Expected a token, but there is none.')),
    };
    const server = await sampleForTest({ access });
    const socket = socketTo(server.socketUrl);
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
    expect(await closeOf(socket)).toBe(4401);
  });

  it('is opened as whoever its first message says', async () => {
    const said: unknown[] = [];
    const access = {
      ...accessUntil(handClock(), undefined),
      opens: (_: unknown, what: unknown) => {
        said.push(what);
        return Promise.resolve(identity(undefined));
      },
    };
    const server = await sampleForTest({ access });
    const answers = clientOf(server, { authorization: 'Bearer x' }).iterate({ query: '{ bumps }' });
    expect((await answers.next()).value).toMatchObject({ data: { bumps: 0 } });
    expect(said).toEqual([{ authorization: 'Bearer x' }]);
  });

  it.each([
    [true, 'front.example', 'opened'],
    [false, 'front.example', 403],
    [true, 'other.example', 403],
  ])('of a page of the host that a proxy names (trusted: %j, %s) is: %j', async (isProxy, host, outcome) => {
    const access = { ...accessUntil(handClock(), undefined), isProxy: () => isProxy };
    const server = await sampleForTest({ access });
    const headers = { 'x-forwarded-host': host };
    const socket = socketTo(server.socketUrl, { origin: 'https://front.example', headers });
    const opened = new Promise((resolve) => {
      socket.once('open', () => resolve('opened'));
      socket.once('unexpected-response', (_: unknown, { statusCode }: { statusCode: number }) =>
        resolve(statusCode),
      );
    });
    expect(await opened).toBe(outcome);
  });
});
