import { writeSync } from 'node:fs';
import { openSqliteLog } from '../../../src/adapters/sqlite/event-log.ts';
import { NO_STREAM, type SealedCommit } from '../../../src/domain/chain.ts';
import { LogUnavailable } from '../../../src/ports/event-log.ts';
import { commitOf, event, freshStream } from '../../conformance/event-log-samples.ts';

// Appends until there is no more room, says so, and tries the same commits until they are all there.
const path = process.argv[2];
if (path === undefined) throw new Error('Expected a folder, but none was given.');
const log = await openSqliteLog({ path });

const large = event('step.completed', 'x'.repeat(3_000));
const group = (): SealedCommit[] =>
  Array.from({ length: 40 }, () => commitOf(freshStream(), NO_STREAM, [large, large, large]));

const append = async (commits: readonly SealedCommit[]): Promise<unknown> => {
  const settled = await Promise.allSettled(commits.map((commit) => log.append(commit)));
  return settled.find((result) => result.status === 'rejected')?.reason;
};

let commits = group();
let failure: unknown;
while ((failure = await append(commits)) === undefined) commits = group();
writeSync(1, `full ${failure instanceof LogUnavailable ? failure.code : 'with another error'}\n`);
while ((await append(commits)) instanceof LogUnavailable);
writeSync(1, `again ${commits.length}\n`);
await log.close();
