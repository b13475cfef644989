import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { openFeed } from '../../src/graphql/feed/feed.ts';
import { wantedBy, type FeedFilter } from '../../src/graphql/feed/filter.ts';
import { createTail } from '../../src/graphql/feed/tail.ts';
import { START } from '../../src/ports/event-log.ts';
import { event } from '../conformance/event-log-samples.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { watchedLog } from './watched-log.ts';
import { allOf, positionsOf, writerTo } from './writer.ts';

const TYPES = ['step.started', 'step.completed', 'step.failed'];

/** What is appended next: to which stream, which events, and whether the next append waits for it. */
const commit = fc.record({
  stream: fc.nat({ max: 4 }),
  types: fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 12 }),
  waits: fc.boolean(),
});

const filter: fc.Arbitrary<FeedFilter> = fc.oneof(
  fc.constant({}),
  fc.record({ types: fc.subarray(TYPES, { minLength: 1 }) }),
  fc.nat({ max: 4 }).map((stream) => ({ stream: `execution-${stream}` })),
);

/** A client: what it wants, how much it may be behind, and after how many events it drops, again and again. */
const client = fc.record({
  filter,
  capacity: fc.integer({ min: 1, max: 40 }),
  drops: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 8 }),
});

it('clients that drop anywhere and resume have every event once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(commit, { minLength: 1, maxLength: 60 }),
      fc.array(client, { minLength: 1, maxLength: 4 }),
      async (commits, clients) => {
        const log = watchedLog(await temporaryLog());
        const writer = writerTo(log);
        const tail = createTail(log);
        let written = false;

        const write = async (): Promise<void> => {
          const all: Promise<bigint>[] = [];
          for (const { stream, types, waits } of commits) {
            all.push(
              writer.append(
                `execution-${stream}`,
                types.map((type) => event(type)),
              ),
            );
            if (waits) await all.at(-1);
          }
          await Promise.all(all);
          // What tells every client that it has seen all.
          await Promise.all(
            [0, 1, 2, 3, 4].map((at) =>
              writer.append(
                `execution-${at}`,
                TYPES.map((type) => event(type)),
              ),
            ),
          );
          written = true;
        };

        const follow = async ({
          filter,
          capacity,
          drops,
        }: (typeof clients)[number]): Promise<readonly bigint[]> => {
          const wants = wantedBy(filter);
          const seen: bigint[] = [];
          const complete = async (): Promise<boolean> => {
            if (!written) return false;
            const last = (await allOf(log)).findLast(wants)?.position;
            return (seen.at(-1) ?? 0n) >= (last ?? 0n);
          };
          for (let turn = 0; ; turn += 1) {
            const feed = openFeed(log, tail, { after: seen.at(-1) ?? START, filter, capacity });
            for (let left = drops[turn % drops.length] ?? 0; left >= 0; left -= 1) {
              if (await complete()) break;
              const { value } = await feed.next();
              if (value !== undefined) seen.push(value.position);
            }
            await feed.return();
            if (await complete()) return seen;
          }
        };

        const [, ...seen] = await Promise.all([write(), ...clients.map(follow)]);
        const all = await allOf(log);
        expect(seen).toEqual(clients.map(({ filter }) => positionsOf(all.filter(wantedBy(filter)))));
        await expect.poll(() => [tail.members, log.open]).toEqual([0, 0]);
      },
    ),
    { numRuns: 40 },
  );
});
