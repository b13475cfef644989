import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteLog } from '../../../src/adapters/sqlite/event-log.ts';
import { verifyChain } from '../../../src/domain/verify-chain.ts';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import { START } from '../../../src/ports/event-log.ts';
import { eventsOf, upToNow } from '../../conformance/event-log-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CHILD = new URL('./event-log.child.ts', import.meta.url).pathname;

/** What a child said of one append: stream, last revision, hash, position. */
type Acknowledged = readonly [stream: string, revision: number, hash: string, position: string];

/** Lets a child append until it has acknowledged enough, then kills it in the middle of it. */
const killedAfter = async (path: string, enough: number): Promise<readonly Acknowledged[]> => {
  const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const acknowledged: Acknowledged[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    // The last line may be cut off.
    if (line.endsWith(']')) acknowledged.push(JSON.parse(line) as Acknowledged);
    if (acknowledged.length === enough) child.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return acknowledged;
};

it('holds every acknowledged append, and none by half, after its process was killed three times', async () => {
  const path = temporaryFolder();
  const acknowledged: Acknowledged[] = [];
  for (const enough of [700, 1_500, 2_500]) {
    acknowledged.push(...(await killedAfter(path, enough)));
    const log = await openSqliteLog({ path });
    const events = eventsOf(await upToNow(log, START));
    expect(events.map(({ position }) => Number(position))).toEqual(events.map((_, index) => index + 1));
    const streams = Map.groupBy(events, ({ stream }) => stream);
    for (const [stream, found] of streams) {
      expect(verifyChain(stream, found)).toMatchObject({ ok: true });
    }
    const last = (stream: string, revision: number): RecordedEvent | undefined =>
      streams.get(stream)?.[revision];
    expect(
      acknowledged.map(([stream, revision]) => {
        const found = last(stream, revision);
        return [stream, found?.revision, found?.commit.hash, String(found?.position)];
      }),
    ).toEqual(acknowledged);
    await log.close();
  }
  expect(acknowledged.length).toBeGreaterThan(4_699);
});
