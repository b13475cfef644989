import { writeSync } from 'node:fs';
import { openSqliteReadModels } from '../../../src/adapters/sqlite/read-models.ts';
import { ReadModelsUnavailable, type DocumentWrite } from '../../../src/ports/read-models.ts';

// Writes until there is no more room, says so and what can still be read, and tries the same until it is there.
const path = process.argv[2];
if (path === undefined) throw new Error('Expected a file, but none was given.');
const readModels = await openSqliteReadModels({ path });
await readModels.prepare('large', [{ fields: ['n'] }]);

const text = 'x'.repeat(3_000);
const call = (from: number): readonly DocumentWrite[] =>
  Array.from({ length: 20 }, (_, index) => {
    const n = from + index;
    return { key: String(n), doc: { n, text }, position: BigInt(n), expected: undefined };
  });

const failureOf = async (writes: readonly DocumentWrite[]): Promise<Error | undefined> =>
  readModels.write('large', writes).then(
    () => undefined,
    (error: Error) => error,
  );

let from = 0;
let failure: Error | undefined;
while ((failure = await failureOf(call(from))) === undefined) from += 20;
const whole = (await readModels.find('large', { limit: 1_000_000 })).length === from;
const code = failure instanceof ReadModelsUnavailable ? failure.code : failure.message;
writeSync(1, `full ${code} ${whole ? 'whole' : 'by half'}\n`);
while ((failure = await failureOf(call(from))) instanceof ReadModelsUnavailable);
if (failure !== undefined) throw failure;
const { length } = await readModels.find('large', { limit: 1_000_000 });
writeSync(1, `again ${length - from}\n`);
await readModels.close();
