import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import { condense, expand, isCondensed } from '../../../src/domain/truncation/condensed.ts';
import * as s from '../../projections/samples.ts';
import { randomHistory } from '../../projections/random-history.ts';
import { happened, record } from '../../spec/given.ts';

const bare = ({ commit, payload: _payload, ...event }: RecordedEvent): object => {
  const { traceparent: _trace, boot: _boot, ...metadata } = commit.metadata;
  return { ...event, payload: undefined, commit: { ...commit, metadata, previous: '', hash: '' } };
};

it('keeps of events all that views are folded from, in their order', () => {
  fc.assert(
    fc.property(randomHistory, (history) => {
      const events = record(history);
      const found = expand(condense(events));
      expect(found).toEqual(events.map(bare));
      expect(found.every(isCondensed)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it('keeps of a page that begins amid a commit where each stood', () => {
  const events = record([
    happened('execution-1', 1, s.started(), s.stepStarted('pay'), s.stepCompleted('pay', 1)),
  ]).slice(1);
  expect(expand(condense(events))).toEqual(events.map(bare));
});

it('keeps no payload, and neither where somebody came from nor why', () => {
  const [event] = record([happened('execution-1', 1, s.started(), s.stepStarted('pay'))]);
  const request = { id: 'r-1', operation: 'retain', address: '192.0.2.7', reason: 'because' };
  const metadata = { ...event!.commit.metadata, request, traceparent: 'a-trace', boot: 'a-boot' };
  const text = condense([
    { ...event!, id: 'another-id', payload: '"a secret"', commit: { ...event!.commit, metadata } },
  ]);
  const [found] = expand(text);
  expect(found).toMatchObject({ id: 'another-id', type: 'execution.started', facts: event!.facts });
  expect(found?.payload).toBeUndefined();
  expect(found?.commit.metadata.request).toEqual({ id: 'r-1', operation: 'retain' });
  expect(JSON.stringify(found?.commit)).not.toMatch(/192|because|a-trace|a-boot/);
});

it('takes a small part of the room', () => {
  const events = record(
    Array.from({ length: 500 }, (_, n) => happened(`execution-${n}`, n, s.started(), s.completed(n, 1))),
  );
  expect(condense(events).length).toBeLessThan(
    JSON.stringify(events.map(({ facts, commit }) => [facts, commit])).length / 8,
  );
});
