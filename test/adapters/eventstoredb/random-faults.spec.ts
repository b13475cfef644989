import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { headAfter, NO_STREAM, type StreamHead } from '../../../src/domain/chain.ts';
import { verifyChain } from '../../../src/domain/verify-chain.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import type { EventStoreServer } from '../../servers/eventstoredb/server.ts';
import { commitTo, follow, openLog, placesOf, startServer } from './support.ts';

const WRITERS = 12;

type Trouble = (server: EventStoreServer) => void | Promise<void>;

const TROUBLES: Readonly<Record<string, Trouble>> = {
  'hang before the write': ({ faults }) => faults.hangAppend(2, { write: false }),
  'hang after the write': ({ faults }) => faults.hangAppend(2, { write: true }),
  'end the batch stream': ({ faults }) => faults.endBatchQuietly(1, { write: true }),
  'answer late': ({ faults }) => faults.answerLate(30, 5),
  'cut before the write': ({ faults }) => faults.dropConnection('before-write'),
  'cut after the write': ({ faults }) => faults.dropConnection('after-write'),
  'lose the lead': ({ faults }) => faults.notLeader(),
  'drop the subscription': ({ faults }) => faults.dropSlowConsumer(3, 2),
  'fail the subscription': ({ faults }) => faults.failSubscription(),
  crash: (server) => server.restart(),
  'stop gracefully': async (server) => {
    await server.stop('graceful');
    await server.restart();
  },
};

/** Appends commits to streams of its own, one behind the other, until it is told to stop. */
const write = async (log: EventLog, name: string, heads: Map<string, StreamHead>, stopped: () => boolean) => {
  for (let stream = 0; !stopped(); stream++) {
    let head = NO_STREAM;
    for (let size = 1; size <= 4 && !stopped(); size++) {
      const commit = commitTo(`execution-${name}-${stream}`, size, head);
      await log.append(commit);
      head = headAfter(commit);
      heads.set(commit.stream, head);
    }
  }
};

it('writes everything once and brings everything once, in order, whatever goes wrong', async () => {
  const troubles = fc.array(fc.constantFrom(...Object.keys(TROUBLES)), { minLength: 3, maxLength: 8 });
  const run = async (names: readonly string[]): Promise<void> => {
    const server = await startServer();
    const impatient = { appendTimeout: 200, readTimeout: 500, silence: 200, buffer: 32 };
    const [{ log }, { log: other }] = [
      await openLog(server.url, impatient),
      await openLog(server.url, impatient),
    ];
    const followers = [follow(log), follow(log, { batch: 3 }), follow(other)];
    const heads = new Map<string, StreamHead>();
    let stopped = false;
    const writing = Array.from({ length: WRITERS }, (_, index) =>
      write(index % 2 ? log : other, String(index), heads, () => stopped),
    );

    for (const name of names) {
      const { length } = followers[0]?.events ?? [];
      await TROUBLES[name]?.(server);
      await followers[0]?.until((events) => events.length > length + 20);
    }
    stopped = true;
    await Promise.all(writing);

    const total = [...heads.values()].reduce((sum, { revision }) => sum + revision + 1, 0);
    for (const { until } of followers) await until((events) => events.length >= total);
    const [first, ...others] = followers.map(({ events }) => placesOf(events));
    expect(new Set(first).size).toBe(total);
    for (const places of others) expect(places).toEqual(first);
    for (const [stream, head] of heads) {
      expect(verifyChain(stream, await log.read(stream))).toEqual({ ok: true, head });
    }
  };
  await fc.assert(fc.asyncProperty(troubles, run), { numRuns: 5, endOnFailure: true });
}, 60_000);
