import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { openFeed } from '../../src/graphql/feed/feed.ts';
import { wantedBy, type FeedFilter } from '../../src/graphql/feed/filter.ts';
import { createInterests } from '../../src/graphql/feed/interests.ts';
import { createTail, type Tail, type TailMember } from '../../src/graphql/feed/tail.ts';
import { event } from '../conformance/event-log-samples.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { allOf, positionsOf, take, writerTo } from './writer.ts';

const QUIET = 2_000;

const ofWorkflow = (type: string, workflow: string) => {
  const one = event(type);
  return { ...one, facts: { ...one.facts, workflow } };
};

/** A tail that counts how many members are asked whether they want an event. */
const countingTail = (tail: Tail): Tail & { readonly asked: number } => {
  const seen = new Map<TailMember, TailMember>();
  let asked = 0;
  return {
    get members() {
      return tail.members;
    },
    get asked() {
      return asked;
    },
    join: (member) => {
      const counted: TailMember = {
        ...member,
        offer: (one) => {
          asked += 1;
          member.offer(one);
        },
      };
      seen.set(member, counted);
      return tail.join(counted);
    },
    leave: (member) => {
      const counted = seen.get(member);
      if (counted !== undefined) tail.leave(counted);
    },
  };
};

describe('members by what they may want', () => {
  it('has everybody who wants an event, once, and nobody who asks for another stream, workflow, type or category', async () => {
    const log = await temporaryLog();
    const writer = writerTo(log);
    for (const stream of ['execution-1', 'execution-2', 'workflow-1', 'schedule-1'])
      for (const type of ['step.failed', 'step.completed', 'variables.set'])
        for (const workflow of ['tickets', 'other'])
          await writer.append(stream, [ofWorkflow(type, workflow)]);
    const filters: FeedFilter[] = [{ types: [] }];
    for (const stream of [undefined, 'execution-2', 'schedule-1'])
      for (const workflow of [undefined, 'other', 'nobody'])
        for (const types of [undefined, ['step.failed'], ['step.failed', 'step.completed', 'step.failed']])
          for (const categories of [undefined, ['execution'], ['workflow', 'execution']] as const)
            filters.push({
              ...(stream === undefined ? {} : { stream }),
              ...(workflow === undefined ? {} : { workflow }),
              ...(types === undefined ? {} : { types }),
              ...(categories === undefined ? {} : { categories }),
            });
    const interests = createInterests<{ readonly filter: FeedFilter }>();
    const members = filters.map((filter) => ({ filter }));
    for (const member of members) interests.add(member);
    for (const one of await allOf(log)) {
      const asked = [...interests.of(one)];
      expect(new Set(asked).size).toBe(asked.length);
      expect(new Set(asked)).toEqual(new Set(members.filter(({ filter }) => mayWant(filter, one))));
      const wanting = members.filter(({ filter }) => wantedBy(filter)(one));
      expect(wanting.filter((member) => !asked.includes(member))).toEqual([]);
    }
    for (const member of members)
      expect([interests.remove(member), interests.remove(member)]).toEqual([true, false]);
    expect((await allOf(log)).flatMap((one) => [...interests.of(one)])).toEqual([]);
    expect(interests.size).toBe(0);
  });
});

/** By its stream alone, or by its workflow and types, or by its categories. */
const mayWant = ({ stream, workflow, types, categories }: FeedFilter, one: RecordedEvent): boolean => {
  if (stream !== undefined) return one.stream === stream;
  if (workflow !== undefined && one.facts['workflow'] !== workflow) return false;
  if (types !== undefined) return types.includes(one.type);
  return (
    workflow !== undefined ||
    categories === undefined ||
    categories.some((category) => one.stream.startsWith(`${category}-`))
  );
};

describe('many feeds that want little', () => {
  it('are not asked about what others want', async () => {
    const log = await temporaryLog();
    const writer = writerTo(log);
    const tail = countingTail(createTail(log));
    const quiet = Array.from({ length: QUIET }, (_, at): FeedFilter => {
      const filters: readonly FeedFilter[] = [
        { stream: `execution-quiet-${at}` },
        { workflow: `quiet-${at}`, categories: ['execution'] },
        { workflow: 'busy', types: ['step.failed'] },
        { types: ['step.failed'] },
        { categories: ['schedule'] },
      ];
      return filters[at % filters.length] ?? {};
    });
    const keeper: TailMember = { filter: { stream: 'nobody' }, offer: () => undefined, end: () => undefined };
    // The end of the log is followed from here on, whenever the feeds join.
    const after = await tail.join(keeper);
    const sources = quiet.map((filter) => openFeed(log, tail, { after, filter }));
    const pending = sources.map((source) => source.next());
    const all = openFeed(log, tail, { after, filter: {} });
    const some = openFeed(log, tail, { after, filter: { workflow: 'busy' } });
    const taken = Promise.all([take(all, 300), take(some, 100)]);
    await expect.poll(() => tail.members).toBe(QUIET + 3);
    for (let at = 0; at < 100; at += 1) {
      await writer.append(`execution-${at % 7}`, [
        ofWorkflow('step.completed', 'busy'),
        ofWorkflow('step.started', 'tickets'),
        ofWorkflow('step.skipped', 'tickets'),
      ]);
    }
    const [everything, busy] = await taken;
    expect([everything.length, busy.length]).toEqual([300, 100]);
    expect(positionsOf(everything)).toEqual(positionsOf(await allOf(log)));
    // Each of the events by the one that wants all, and a third of them by the one that asks for its workflow.
    expect(tail.asked).toBe(300 + 100);
    await Promise.all([...sources, all, some].map((source) => source.return()));
    await Promise.all(pending);
    tail.leave(keeper);
    expect(tail.members).toBe(0);
  });
});
