import { expect, it } from 'vitest';
import { LogUnavailable, type EventLog } from '../../../src/ports/event-log.ts';
import type { TruncationEvent } from '../../../src/domain/truncation/events.ts';
import { truncatedOf } from '../../../src/domain/truncation/state.ts';
import { followTruncations } from '../../../src/engine/retention/truncation-log.ts';
import { CALLER } from '../../spec/engine.ts';
import type { RetentionEvent } from '../../../src/domain/retention/events.ts';
import { happened } from '../../spec/given.ts';
import { removalsFrom } from '../../../src/engine/retention/removals.ts';
import { openRetaining, ran, type Retaining } from './retaining.ts';

const BATCHES = 200;

/** A batch of executions that somebody has removed, and says so; none of them is in the log. */
const batchOf = (batch: number): readonly RetentionEvent[] => {
  const workflow = 'ship_order';
  const executions = [
    {
      id: `of-${batch}`,
      revision: 3,
      hash: 'a-hash',
      status: 'completed',
      endedAt: batch,
      tenant: 'default',
    },
  ];
  const archive = { archive: `archive-${batch}`, digest: 'a-digest', bytes: 1 };
  return [
    {
      type: 'retention.chosen',
      facts: { workflow, batch, executions: 1, from: batch, to: batch, ...archive },
      payload: { executions },
    },
    { type: 'retention.removed', facts: { workflow, batch, removed: 1, left: 0 } },
  ];
};

/** A log of which so many events of the removals, or of another stream, were read. */
const counting = (log: EventLog, stream = 'retention-ship_order') => {
  let events = 0;
  return {
    log: {
      ...log,
      read: async (...asked: Parameters<EventLog['read']>) => {
        const page = await log.read(...asked);
        if (asked[0] === stream) events += page.length;
        return page;
      },
    } satisfies EventLog,
    taken: (): number => {
      const before = events;
      events = 0;
      return before;
    },
  };
};

/** Stores in which many batches were removed long ago, in one go or in several. */
const openLong = async (events: readonly RetentionEvent[]): Promise<Retaining> => {
  const at = await openRetaining();
  await at.happen(...events.map((event, index) => happened('retention-ship_order', index, event)));
  return at;
};

const begun: RetentionEvent = {
  type: 'retention.begun',
  facts: { workflow: 'ship_order', before: 1, archives: true },
};
const ended: RetentionEvent = {
  type: 'retention.ended',
  facts: { workflow: 'ship_order', removed: BATCHES, batches: BATCHES },
};
const batches = Array.from({ length: BATCHES }, (_, index) => batchOf(index + 1)).flat();
const WAYS = {
  'in one go': [begun, ...batches, ended],
  'in many': batches.flatMap((event): readonly RetentionEvent[] =>
    event.type === 'retention.chosen' ? [begun, event] : [event, ended],
  ),
  'and was cut off': [begun, ...batches.slice(0, -1)],
  'and was cut off between two': [begun, ...batches],
} satisfies Readonly<Record<string, readonly RetentionEvent[]>>;

it.each(Object.entries(WAYS))(
  'goes on behind what was removed %s, and reads the end of it',
  async (_, events) => {
    const at = await openLong(events);
    await at.happen(...ran('a'));
    const { log, taken } = counting(at.log);
    await at.retain({ log });
    expect(taken()).toBeLessThanOrEqual(16);
    expect((await at.told()).slice(events.length).map(({ type, facts }) => [type, facts['batch']])).toEqual(
      events.at(-1) === ended || events.at(-1)?.type === 'retention.removed'
        ? [
            ['retention.begun', undefined],
            ['retention.chosen', BATCHES + 1],
            ['retention.removed', BATCHES + 1],
            ['retention.ended', undefined],
          ]
        : [
            ['retention.begun', undefined],
            ['retention.removed', BATCHES],
            ['retention.chosen', BATCHES + 1],
            ['retention.removed', BATCHES + 1],
            ['retention.ended', undefined],
          ],
    );
  },
);

it('says again what was removed by what has come since', async () => {
  const at = await openLong(WAYS['in many']);
  const { log, taken } = counting(at.log);
  const retainer = at.another({ log });
  const [first] = await retainer.status();
  expect(first).toMatchObject({ removed: BATCHES, openSince: null });
  expect(first?.archived.map(({ name }) => name)).toEqual(
    Array.from({ length: BATCHES }, (_, index) => `archive-${index + 1}`),
  );
  taken();
  await at.happen(...ran('a'));
  await at.retain();
  const [then] = await retainer.status();
  expect(taken()).toBe(4);
  expect(then).toEqual((await at.another().status())[0]);
  expect(then).toMatchObject({ removed: BATCHES + 1 });
});

/** What was truncated of each batch of `openLong`, of which nothing is in the log. */
const truncated = Array.from({ length: BATCHES }, (_, index) => index + 1).flatMap(
  (batch): readonly TruncationEvent[] => {
    const facts = { workflow: 'ship_order', removal: batch, first: 0, executions: 1, batch };
    return [
      { type: 'truncation.begun', facts },
      { type: 'truncation.chosen', facts: { ...facts, streams: 1, events: 4, from: '1', to: '4' } },
      { type: 'truncation.ended', facts: { ...facts, truncated: 1, left: 0 } },
    ];
  },
);

it('says again what was truncated by what has come since, also of another node', async () => {
  const at = await openLong(WAYS['in many']);
  await at.happen(...truncated.map((event, index) => happened('truncation-batches', index, event)));
  const { log, taken } = counting(at.log, 'truncation-batches');
  const retainer = at.another({ log });
  expect(await retainer.status()).toMatchObject([{ truncated: BATCHES }]);
  expect(taken()).toBe(truncated.length);
  expect(await retainer.status()).toMatchObject([{ truncated: BATCHES }]);
  expect(taken()).toBe(0);
  await at.happen(...ran('a'));
  await at.retain();
  await at.another().truncate({ dryRun: false }, CALLER);
  // Nothing is read twice by those who ask at the same time, but what has come since is by each.
  const answers = await Promise.all([retainer.status(), retainer.status()]);
  expect(taken()).toBe(2 * 3);
  for (const answer of answers) expect(answer).toEqual(await at.another().status());
  expect(answers[0]).toMatchObject([{ truncated: BATCHES + 1 }]);
  expect(await retainer.truncate({ dryRun: true }, CALLER)).toEqual([]);
  expect(taken()).toBe(0);
});

it('reads on from where it was when the log went away amid what was truncated', async () => {
  const at = await openLong([...WAYS['in many']]);
  await at.happen(...truncated.map((event, index) => happened('truncation-batches', index, event)));
  const { log, taken } = counting(at.log, 'truncation-batches');
  const asked: (number | undefined)[] = [];
  const follow = followTruncations({
    read: async (stream, options = {}) => {
      asked.push(options.from);
      if (asked.length === 3) throw new LogUnavailable('Expected the log to be there, but it has gone.');
      return log.read(stream, { ...options, limit: 250 });
    },
  });
  await expect(follow()).rejects.toThrow(LogUnavailable);
  expect(truncatedOf(await follow(), 'ship_order')).toMatchObject({ truncated: BATCHES });
  expect(asked).toEqual([0, 250, 500, 500, 600]);
  expect(taken()).toBe(truncated.length);
});

it.each(Object.entries(WAYS))(
  'finds a batch of what was removed %s without reading those before it',
  async (_, events) => {
    const at = await openLong(events);
    const { log, taken } = counting(at.log);
    const last = events.filter(({ type }) => type === 'retention.removed').length;
    for (const number of [0, 1, 2, 57, last - 1, last]) {
      taken();
      const found: number[] = [];
      const read: number[] = [];
      for await (const { facts } of removalsFrom(log, 'ship_order', number)) {
        read.push(taken());
        found.push(facts.batch);
      }
      expect(read[0]).toBeLessThanOrEqual(60);
      const first = Math.max(number, 1);
      expect(found).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
    }
    for await (const { facts } of removalsFrom(log, 'ship_order', last + 1))
      expect.unreachable(`${facts.batch}`);
  },
);
