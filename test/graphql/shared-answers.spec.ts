import { describe, expect, it } from 'vitest';
import { countOpenSources } from './counted-source.ts';
import { sampleForTest, type SampleServer } from './sample-server.ts';
import { ask, clientOf, messagesOf, send, welcomed, type Message } from './socket-peers.ts';
import { answersOf, openStream } from './sse.ts';

const SHARED = new Set(['Subscription.beads', 'Bead.number', 'Bead.looks']);
const BEADS = 'subscription { beads { number looks } }';

interface Bead {
  readonly number: number;
  /** How often the number of any bead had been looked at before. */
  readonly looks: number;
}

const follow = async (server: SampleServer, query = BEADS): Promise<readonly Bead[]> => {
  const beads: Bead[] = [];
  for await (const { data, errors } of clientOf(server).iterate<{ beads: Bead }>({ query })) {
    expect(errors).toBeUndefined();
    if (data != null) beads.push(data.beads);
  }
  return beads;
};

const differing = (all: readonly (readonly Bead[])[]): number =>
  new Set(all.flat().map(({ looks }) => looks)).size;

describe('subscribers who ask for the same', () => {
  it('are told by one answer a value, however many they are', async () => {
    const server = await sampleForTest({ impersonal: SHARED });
    const all = await Promise.all(Array.from({ length: 8 }, () => follow(server)));
    for (const beads of all) expect(beads.map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(differing(all)).toBe(3);
  });

  it('are told by answers of their own where these may differ', async () => {
    const server = await sampleForTest({ impersonal: new Set(['Subscription.beads', 'Bead.number']) });
    expect(differing(await Promise.all([follow(server), follow(server)]))).toBe(6);
  });

  it('are told what they ask for themselves, each', async () => {
    const server = await sampleForTest({ impersonal: SHARED });
    const [some, others] = await Promise.all([
      follow(server),
      follow(server, 'subscription { beads { looks n: number } }'),
    ]);
    expect(Object.keys(some[0] ?? {})).toEqual(['number', 'looks']);
    expect(Object.keys(others[0] ?? {})).toEqual(['looks', 'n']);
    expect(differing([some, others])).toBe(6);
  });

  it('have answers of their own in event streams, whose events have ids of their own', async () => {
    const server = await sampleForTest({ impersonal: SHARED });
    const told: Bead[] = [];
    for (let time = 0; time < 2; time += 1)
      for await (const { data } of answersOf(await openStream(server.url, BEADS)))
        told.push(data?.['beads'] as Bead);
    expect(differing([told])).toBe(6);
  });

  it('leave their source when they go, also while nothing comes, and hear when it fails', async () => {
    const open = countOpenSources();
    const impersonal = new Set(['Subscription.silence', 'Subscription.broken']);
    const socket = await welcomed(await sampleForTest({ impersonal }));
    const messages = messagesOf(socket);
    ask(socket, 'quiet', 'subscription { silence }');
    await expect.poll(open).toBe(1);
    send(socket, { id: 'quiet', type: 'complete' });
    await expect.poll(open).toBe(0);
    ask(socket, 'broken', 'subscription { broken(how: "rejection") }');
    await expect.poll(() => messages.length).toBe(2);
    expect(messages).toEqual<Message[]>([
      { id: 'broken', type: 'next', payload: { data: { broken: 1 } } },
      {
        id: 'broken',
        type: 'error',
        payload: [expect.objectContaining({ message: 'Expected a, but b.' })],
      },
    ]);
    expect(open()).toBe(0);
  });

  it('are refused as others are', async () => {
    const refusals: (readonly Message[])[] = [];
    for (const impersonal of [new Set<string>(), new Set(['Subscription.refused'])]) {
      const socket = await welcomed(await sampleForTest({ impersonal }));
      const messages = messagesOf(socket);
      ask(socket, 'a', 'subscription { refused }');
      await expect.poll(() => messages.length).toBe(2);
      refusals.push(messages);
    }
    const [alone, shared] = refusals;
    expect(shared).toEqual(alone);
    expect(shared).toMatchObject([
      { type: 'next', payload: { errors: [{ message: 'Expected a, but b.' }] } },
      { type: 'complete' },
    ]);
  });
});
