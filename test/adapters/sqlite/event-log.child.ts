import { headAfter, NO_STREAM } from '../../../src/domain/chain.ts';
import { openSqliteLog } from '../../../src/adapters/sqlite/event-log.ts';
import { commitOf, freshStream } from '../../conformance/event-log-samples.ts';

// Appends to many streams at once until it is killed, and says what was acknowledged, a line each.
const path = process.argv[2];
if (path === undefined) throw new Error('Expected a folder, but none was given.');
const log = await openSqliteLog({ path });

const write = async (): Promise<never> => {
  for (;;) {
    const stream = freshStream();
    let head = NO_STREAM;
    for (let count = 0; count < 8; count += 1) {
      const commit = commitOf(stream, head, 1 + (count % 3));
      const { position } = await log.append(commit);
      head = headAfter(commit);
      process.stdout.write(`${JSON.stringify([stream, head.revision, commit.hash, String(position)])}\n`);
    }
  }
};
await Promise.all(Array.from({ length: 40 }, write));
