import { expect, it } from 'vitest';
import { measureFailover } from '../../bench/failover-figures.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';

const KILLED_AT = 10_000;

/** The history of an execution: by which node each of its commits was written, and when. */
const history = (id: string, commits: readonly (readonly [node: string, at: number, facts?: object])[]) =>
  commits.map(
    ([node, at, facts = {}], revision) =>
      ({
        id: `${id}:${revision}`,
        stream: `execution-${id}`,
        revision,
        type: revision === 0 ? 'execution.started' : 'step.started',
        facts,
        commit: { revision, metadata: { node, at } },
      }) as unknown as RecordedEvent,
  );

const measure = (
  histories: Readonly<Record<string, readonly RecordedEvent[]>>,
  calls: readonly string[] = ['a first 1'],
  seen: readonly RecordedEvent[] = [],
) =>
  measureFailover({
    histories: new Map(Object.entries(histories)),
    calls,
    seen,
    killed: 'one',
    killedAt: KILLED_AT,
  });

it('counts from the death of a node until another goes on with what it was at', () => {
  const { withoutProgress, interrupted } = measure({
    taken: history('taken', [
      ['one', 9_000],
      ['two', 12_500, { errorType: 'Interrupted' }],
      ['two', 12_600],
    ]),
    later: history('later', [
      ['two', 9_000],
      ['one', 9_900],
      ['three', 13_000],
    ]),
    ended: history('ended', [['one', 9_500]]),
    another: history('another', [
      ['two', 9_999],
      ['two', 10_001],
    ]),
  });
  expect(withoutProgress).toMatchObject({ executions: 2, p50: 2_500, p99: 3_000, most: 3_000 });
  expect(interrupted).toBe(1);
});

it('finds what was seen and is not there, and what was accepted and never began', () => {
  const kept = history('kept', [
    ['one', 1],
    ['one', 2],
  ]);
  expect(measure({ kept }, [], kept).eventsLost).toBe(0);
  expect(measure({ kept: kept.slice(0, 1) }, [], kept).eventsLost).toBe(1);
  expect(measure({ kept, accepted: [] }, [], kept).eventsLost).toBe(1);
});

it('finds an attempt that was made twice, and a step that was not to be repeated and was', () => {
  const of = (...calls: readonly string[]) => measure({}, calls).effectsDoubled;
  expect(of('a first 1', 'a first 2', 'b first 1', 'a third 1', 'b third 1')).toBe(0);
  expect(of('a first 1', 'a first 1')).toBe(1);
  expect(of('a third 1', 'a third 2')).toBe(1);
});
