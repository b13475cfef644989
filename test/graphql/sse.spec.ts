import { describe, expect, it } from 'vitest';
import { countOpenSources, countSources } from './counted-source.ts';
import { sampleForTest } from './sample-server.ts';
import { answersOf, openStream } from './sse.ts';
import { whenNothingIsPulled } from './stalled.ts';

const numbersOf = async (answers: ReturnType<typeof answersOf>, many: number): Promise<readonly number[]> => {
  const found: number[] = [];
  for await (const { data } of answers) {
    found.push(Number.parseInt(String(Object.values(data ?? {})[0]), 10));
    if (found.length === many) break;
  }
  return found;
};

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('event streams', () => {
  it('carry each value once and in order, and leave room for others', async () => {
    const { url, post } = await sampleForTest();
    const open = countOpenSources();
    const response = await openStream(url, 'subscription { numbers }');
    expect(response.headers['content-type']).toContain('text/event-stream');
    const reading = numbersOf(answersOf(response), 3_000);
    expect((await post('{ bumps }')).body.data).toEqual({ bumps: 0 });
    expect(await reading).toEqual(upTo(3_000));
    await expect.poll(open).toBe(0);
  });

  it('pull nothing for a client that does not read, and go on without a gap', async () => {
    const server = await sampleForTest();
    const count = countSources();
    const response = await openStream(server.url, 'subscription { texts(size: 10000) }');
    const pulled = await whenNothingIsPulled(server, count);
    // What the kernel and the socket take, which is some megabytes.
    expect(pulled).toBeLessThan(2_000);
    expect(await numbersOf(answersOf(response), pulled + 500)).toEqual(upTo(pulled + 500));
  });

  it('end the source when the client leaves, also while nothing comes', async () => {
    const { url } = await sampleForTest();
    const open = countOpenSources();
    const response = await openStream(url, 'subscription { silence }');
    await expect.poll(open).toBe(1);
    response.destroy();
    await expect.poll(open).toBe(0);
  });

  it('tell their clients to come back when the server stops', async () => {
    const server = await sampleForTest();
    const open = countOpenSources();
    const response = await openStream(server.url, 'subscription { silence }');
    await expect.poll(open).toBe(1);
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const cut = new Promise((resolve) => response.once('error', resolve));
    await server.close();
    await cut;
    expect(text).toMatch(/\nretry: 1000\n\n$/);
  });

  it('do not keep a server from stopping', async () => {
    const server = await sampleForTest();
    const open = countOpenSources();
    const response = await openStream(server.url, 'subscription { silence }');
    await expect.poll(open).toBe(1);
    const cut = numbersOf(answersOf(response), 1);
    const [outcome] = await Promise.allSettled([cut, server.close()]);
    expect(outcome.status).toBe('rejected');
    await expect.poll(open).toBe(0);
  });
});
