import { describe, expect, it, onTestFinished } from 'vitest';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { openFeed } from '../../src/graphql/feed/feed.ts';
import type { Source } from '../../src/graphql/feed/source.ts';
import { createTail } from '../../src/graphql/feed/tail.ts';
import { START } from '../../src/ports/event-log.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { gatedLog, type Gates } from './gated-log.ts';
import { positionsOf, take, writerTo, type Writer } from './writer.ts';

interface World {
  readonly writer: Writer;
  /** Has had the first four events and keeps the shared subscription. */
  readonly first: Source<RecordedEvent>;
  /** Has yet to read for itself what is there. */
  readonly second: Source<RecordedEvent>;
  readonly shared: Gates;
  readonly own: Gates;
  /** Resolves once the second feed has read what was there. */
  hasRead(): Promise<void>;
}

const OWN = 2;

const opened = async (): Promise<World> => {
  const log = gatedLog(await temporaryLog(), 3);
  const writer = writerTo(log);
  const tail = createTail(log);
  const open = (): Source<RecordedEvent> => {
    const feed = openFeed(log, tail, { after: START, filter: {}, capacity: 10 });
    onTestFinished(async () => void (await feed.return()));
    return feed;
  };
  await writer.append('execution-a', 4);
  const first = open();
  await take(first, 4);
  const [shared, , own] = log.gates;
  if (shared === undefined || own === undefined) throw new RangeError('Expected three subscriptions.');
  return { writer, first, second: open(), shared, own, hasRead: () => log.hasRead(OWN) };
};

const upTo = (last: number): readonly bigint[] =>
  Array.from({ length: last }, (_, index) => BigInt(index + 1));

describe('a feed that goes from its own reading to the shared one', () => {
  it('has once what was shared before it read it itself', async () => {
    const { writer, first, second, own } = await opened();
    const gate = Promise.withResolvers<void>();
    own.beforeReading = gate.promise;
    const taken = take(second, 6);
    const fifth = first.next();
    await writer.append('execution-a', 1);
    await fifth;
    gate.resolve();
    await writer.append('execution-a', 1);
    expect(positionsOf(await taken)).toEqual(upTo(6));
  });

  it('has once what is shared after it read it itself', async () => {
    const { writer, second, shared } = await opened();
    const gate = Promise.withResolvers<void>();
    shared.beforeHandingOn = gate.promise;
    await writer.append('execution-a', 1);
    const taken = await take(second, 5);
    const next = second.next();
    gate.resolve();
    await writer.append('execution-a', 1);
    expect(positionsOf(taken)).toEqual(upTo(5));
    expect((await next).value).toMatchObject({ position: 6n });
  });

  it('has what was shared meanwhile, though that was more than is kept for it', async () => {
    const { writer, first, second, own, hasRead } = await opened();
    const gate = Promise.withResolvers<void>();
    own.beforeHandingOn = gate.promise;
    const taken = take(second, 44);
    await hasRead();
    const others = take(first, 40);
    for (let time = 0; time < 4; time += 1) await writer.append('execution-a', 10);
    await others;
    gate.resolve();
    expect(positionsOf(await taken)).toEqual(upTo(44));
  });
});
