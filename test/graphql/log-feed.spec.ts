import { parseValue } from 'graphql';
import { expect, it } from 'vitest';
import { EventFeeds } from '../../src/graphql/feed/event-feeds.ts';
import { seenUpTo, type Cursor } from '../../src/graphql/feed/cursor.ts';
import { eventsOf, logFeed, type FollowedRow } from '../../src/graphql/feed/log-feed.ts';
import { logRowFrom } from '../../src/graphql/models/log-row.model.ts';
import { Cursor as CursorScalar } from '../../src/graphql/scalars/cursor.scalar.ts';
import { START } from '../../src/ports/event-log.ts';
import { event } from '../conformance/event-log-samples.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { take, writerTo } from './writer.ts';

const cursorOf = (row: FollowedRow): Cursor => logRowFrom(row).cursor;

it('goes on behind each row, also between the two rows of one event', async () => {
  const log = await temporaryLog();
  await writerTo(log).append('execution-a', [
    event('execution.started'),
    event('step.started'),
    event('variables.set'),
    event('step.completed'),
  ]);
  const feeds = new EventFeeds(log);
  const rowsBehind = async (after: Cursor, many: number): Promise<readonly FollowedRow[]> => {
    const source = logFeed(await feeds.of(eventsOf({}), seenUpTo(after)), {}, after);
    const rows = await take(source, many);
    await source.return();
    return rows;
  };
  const all = await rowsBehind({ position: START }, 7);
  expect(all.map(({ level }) => level)).toEqual(['info', 'event', 'info', 'event', 'event', 'info', 'event']);
  for (const [at, row] of all.slice(0, -1).entries()) {
    expect(await rowsBehind(cursorOf(row), 6 - at)).toEqual(all.slice(at + 1));
  }
  expect(await rowsBehind({ position: 2n }, 3)).toEqual(all.slice(4));
});

it.each([
  ['"42"', { position: 42n, seen: undefined }],
  ['"42.1"', { position: 42n, seen: 1 }],
])('takes %s for a cursor, and writes it so', (text, cursor) => {
  const written: unknown = JSON.parse(text);
  expect(CursorScalar.parseValue(written)).toEqual(cursor);
  expect(CursorScalar.parseLiteral(parseValue(text))).toEqual(cursor);
  expect(CursorScalar.serialize(cursor)).toBe(written);
});

it.each(['42', '"42."', '"42.0"', '"-1"', '"42.1.1"', '"18446744073709551616"', '" 42"', 'null'])(
  'does not take %s for a cursor',
  (text) => {
    expect(() => CursorScalar.parseValue(JSON.parse(text))).toThrow('Expected a cursor of a subscription');
    expect(() => CursorScalar.parseLiteral(parseValue(text))).toThrow('Expected a cursor of a subscription');
  },
);
