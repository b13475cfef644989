import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openAppends, type Appends } from '../../../src/adapters/sqlite/event-log-appends.ts';
import { prepareInsert } from '../../../src/adapters/sqlite/event-log-insert.ts';
import { openToWrite } from '../../../src/adapters/sqlite/event-log-open.ts';
import { encode } from '../../../src/adapters/sqlite/event-log-row.ts';
import { openWake, sharedWake, type Wake } from '../../../src/adapters/sqlite/event-log-wake.ts';
import { writerThread } from '../../../src/adapters/sqlite/event-log-writer.ts';
import { NO_STREAM } from '../../../src/domain/chain.ts';
import { commitOf, freshStream } from '../../conformance/event-log-samples.ts';
import { lookingAfter } from './looking-after.ts';
import { temporaryFolder } from './temporary-folder.ts';

const LIMIT = 100_000;

/** Appends whose writer thread is ready, so that many at once go there; one event is in the log. */
const withThread = async (): Promise<{ appends: Appends; wake: Wake; elsewhere: Wake }> => {
  const file = join(temporaryFolder(), 'events.db');
  const { database, close } = openToWrite(file);
  const shared = sharedWake();
  const wake = openWake(shared, false);
  const elsewhere = openWake(shared, true);
  const writer = writerThread({ file, wake: shared, busyTimeout: 1_000 }, lookingAfter());
  await writer.write(encode(commitOf(freshStream(), NO_STREAM), LIMIT));
  expect(writer.ready()).toBe(true);
  const appends = openAppends({ file, maxCommit: LIMIT, insert: prepareInsert(database), writer, wake });
  onTestFinished(async () => {
    await appends.close();
    elsewhere.close();
    close();
  });
  return { appends, wake, elsewhere };
};

const change = (wake: Wake): Promise<void> =>
  new Promise((resolve) => void wake.onChange(wake.count(), resolve));

it.each([1, 4, 5, 30, 200])('wakes readers here and in other threads for %i at once', async (count) => {
  const { appends, wake, elsewhere } = await withThread();
  const changes = [change(wake), change(elsewhere)];
  const commits = Array.from({ length: count }, () => commitOf(freshStream(), NO_STREAM));
  const appended = await Promise.all(commits.map((commit) => appends.append(commit)));
  expect(appended.map(({ position }) => Number(position))).toEqual(commits.map((_, index) => index + 2));
  await Promise.all(changes);
});

it('finishes what was appended before it is closed', async () => {
  const { appends } = await withThread();
  const pending = Array.from({ length: 150 }, () => appends.append(commitOf(freshStream(), NO_STREAM)));
  await appends.close();
  expect(await Promise.all(pending)).toHaveLength(150);
  await expect(appends.append(commitOf(freshStream(), NO_STREAM))).rejects.toThrow('it was closed');
});
