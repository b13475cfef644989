import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteLog, type SqliteLog, type WriterOptions } from '../../../src/adapters/sqlite/event-log.ts';
import { headAfter, NO_STREAM, type SealedCommit } from '../../../src/domain/chain.ts';
import { verifyChain } from '../../../src/domain/verify-chain.ts';
import { CommitTooLarge, LogCorrupt, LogUnavailable, START } from '../../../src/ports/event-log.ts';
import {
  commitOf,
  event,
  eventsOf,
  fill,
  freshStream,
  revisions,
  upToNow,
} from '../../conformance/event-log-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const opened = async (options: Partial<WriterOptions> = {}): Promise<SqliteLog> => {
  const log = await openSqliteLog({ path: temporaryFolder(), busyTimeout: 20, ...options });
  onTestFinished(() => log.close());
  return log;
};

const outcomes = async (log: SqliteLog, commits: readonly SealedCommit[]): Promise<readonly unknown[]> => {
  const settled = await Promise.allSettled(commits.map((commit) => log.append(commit)));
  return settled.map((result) => (result.status === 'rejected' ? result.reason : result.value));
};

describe('while another program holds the lock of the file', () => {
  it.each([1, 30])('%i appends fail whole, and succeed when it is gone', async (count) => {
    const path = temporaryFolder();
    const log = await opened({ path });
    const stream = freshStream();
    const [first] = await fill(log, stream, 2);
    const commits = [
      commitOf(stream, headAfter(first!), 3),
      ...Array.from({ length: count - 1 }, () => commitOf(freshStream(), NO_STREAM, 2)),
    ];
    const intruder = new DatabaseSync(join(path, 'events.db'));
    intruder.exec('BEGIN IMMEDIATE');
    for (const error of await outcomes(log, commits)) expect(error).toBeInstanceOf(LogUnavailable);
    expect(await log.end()).toBe(2n);
    expect(revisions(await log.read(stream))).toEqual([0, 1]);
    await expect(log.ping()).resolves.toBeUndefined();
    intruder.exec('ROLLBACK');
    intruder.close();
    const end = 2 + 3 + (count - 1) * 2;
    expect((await outcomes(log, commits)).at(-1)).toEqual({ position: BigInt(end) });
    expect(await log.end()).toBe(BigInt(end));
  });
});

describe('while another program holds the lock for a moment', () => {
  it('a lone append waits for it in the other thread', async () => {
    const path = temporaryFolder();
    const log = await opened({ path, busyTimeout: 20_000 });
    const intruder = new DatabaseSync(join(path, 'events.db'));
    intruder.exec('BEGIN IMMEDIATE');
    const pending = log.append(commitOf(freshStream(), NO_STREAM));
    // By then this thread has found the file locked.
    await turn();
    await turn();
    intruder.exec('ROLLBACK');
    intruder.close();
    expect(await pending).toEqual({ position: 1n });
  });
});

describe('on a disk without room', () => {
  it('appends fail whole, and succeed when there is room again', async () => {
    const path = temporaryFolder();
    const script = new URL('./event-log-full.child.ts', import.meta.url).pathname;
    // The shell's limit is soft, so that it can be lifted from outside.
    const child = spawn('sh', ['-c', 'ulimit -S -f 1000 && exec "$0" "$@"', process.execPath, script, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (line.startsWith('full')) {
        execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited']);
      }
    }
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    expect(said).toEqual(['full LOG_UNAVAILABLE', 'again 40']);
    const log = await opened({ path });
    const events = eventsOf(await upToNow(log, START));
    for (const [stream, found] of Map.groupBy(events, ({ stream }) => stream)) {
      expect(verifyChain(stream, found)).toMatchObject({ ok: true, head: { revision: 2 } });
    }
  }, 60_000);
});

describe('a commit that is too large', () => {
  it('is refused alone, with its size and the limit', async () => {
    const log = await opened({ maxCommit: 10_000 });
    const [large, small, long] = [freshStream(), freshStream(), freshStream()];
    const settled = await outcomes(log, [
      commitOf(large, NO_STREAM, [event('step.completed', 'x'.repeat(10_000))]),
      commitOf(small, NO_STREAM, [event('step.completed', 'x'.repeat(5_000))]),
      commitOf(long, NO_STREAM, 1_000),
    ]);
    expect(settled).toEqual([expect.any(CommitTooLarge), { position: 1n }, expect.any(CommitTooLarge)]);
    expect((settled[0] as CommitTooLarge).message).toMatch(
      new RegExp(`^Expected a commit to ${large} of at most 10000 bytes, but it has 10\\d{3}\\.$`),
    );
    expect(await log.head(large)).toBeUndefined();
    expect(await log.end()).toBe(1n);
  });

  it('is measured in bytes, not in characters', async () => {
    const log = await opened({ maxCommit: 10_000 });
    const payload = (text: string): SealedCommit => commitOf(freshStream(), NO_STREAM, [event('a', text)]);
    const [ascii, emoji] = await outcomes(log, [payload('x'.repeat(4_000)), payload('👍'.repeat(2_500))]);
    expect(ascii).toEqual({ position: 1n });
    expect(emoji).toBeInstanceOf(CommitTooLarge);
  });
});

describe('a commit that no log can hold', () => {
  it('is refused when it has no event', async () => {
    const log = await opened();
    await expect(log.append(commitOf(freshStream(), NO_STREAM, 0))).rejects.toThrow(RangeError);
  });

  it('is refused when the name of its stream is no Unicode', async () => {
    const log = await opened();
    await expect(log.append(commitOf('workflow-\ud800', NO_STREAM))).rejects.toThrow(RangeError);
  });
});

describe('a log that was closed', () => {
  it('refuses everything, and closes again', async () => {
    const log = await opened();
    const stream = freshStream();
    const pending = Array.from({ length: 20 }, () => log.append(commitOf(freshStream(), NO_STREAM)));
    const closing = log.close();
    expect(await Promise.all(pending)).toHaveLength(20);
    await closing;
    await log.close();
    for (const call of [
      () => log.append(commitOf(stream, NO_STREAM)),
      () => log.read(stream),
      () => log.head(stream),
      () => log.end(),
      () => log.ping(),
    ]) {
      await expect(call()).rejects.toThrow(LogUnavailable);
    }
    const batches = log.subscribe({ after: START, signal: new AbortController().signal });
    expect((await batches[Symbol.asyncIterator]().next()).done).toBe(true);
  });
});

describe('a subscription', () => {
  it('says so when the log does not reach the position that it is to go on from', async () => {
    const log = await opened();
    await fill(log, freshStream(), 2);
    const { signal } = new AbortController();
    const batches = log.subscribe({ after: 3n, signal })[Symbol.asyncIterator]();
    await expect(batches.next()).rejects.toThrow(LogCorrupt);
    expect((await batches.next()).done).toBe(true);
  });

  it('lets others have their turn between two batches', async () => {
    const log = await opened();
    await fill(log, freshStream(), 100);
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const batches = await upToNow(log, START, {}, 2);
    counting = false;
    expect(batches).toHaveLength(50);
    expect(turns).toBeGreaterThanOrEqual(49);
  });

  it.each(['facts', 'metadata'])('says which commit it is whose %s are no JSON', async (column) => {
    const path = temporaryFolder();
    const log = await opened({ path });
    const stream = freshStream();
    await fill(log, stream, 2, 1);
    const other = new DatabaseSync(join(path, 'events.db'));
    other.exec(`UPDATE commits SET ${column} = '[' WHERE position = 3`);
    other.close();
    const { signal } = new AbortController();
    const batches = log.subscribe({ after: START, signal, withoutPayloads: true })[Symbol.asyncIterator]();
    await expect(batches.next()).rejects.toThrow(
      `but the commit to ${stream} at revision 2 (position 3) is no JSON: `,
    );
  });

  it('leaves payloads where they are when nobody wants them', async () => {
    const log = await opened();
    const large = Array.from({ length: 10 }, () => event('step.completed', 'x'.repeat(500_000)));
    await fill(log, freshStream(), large, large);
    const { signal } = new AbortController();
    for await (const { events, caughtUp } of log.subscribe({ after: START, signal, withoutPayloads: true })) {
      expect(events.map(({ payload }) => payload)).toEqual(Array.from({ length: 20 }));
      expect(caughtUp).toBe(true);
      break;
    }
  });

  it('takes large payloads a few at a time', async () => {
    const log = await opened();
    const large = Array.from({ length: 10 }, () => event('step.completed', 'x'.repeat(500_000)));
    await fill(log, freshStream(), large, large, large, large);
    const sizes = (await upToNow(log, START)).map(({ events }) => events.length);
    expect(Math.max(...sizes)).toBeLessThan(20);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(40);
  });
});
