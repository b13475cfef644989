import { describe, expect, it } from 'vitest';
import {
  CLOSED,
  decideProbe,
  decideReport,
  evolveBreaker,
  verdictOf,
  type Breaker,
  type CallOutcome,
} from '../../../src/domain/flow/breaker.ts';
import type { BreakerEvent } from '../../../src/domain/flow/breaker-events.ts';

const POLICY = { threshold: 3, reset: 10_000 };
const by = (attempt = 1, executionId = 'e-1') => ({
  key: 'pay',
  workflow: 'order',
  executionId,
  step: 'charge',
  attempt,
  revision: 4,
});
const FAILURE: CallOutcome = { kind: 'failure', errorType: 'Busy' };
const SUCCESS: CallOutcome = { kind: 'success' };
const LOST: CallOutcome = { kind: 'neither', errorType: 'Interrupted' };

const fold = (events: readonly BreakerEvent[], from: Breaker = CLOSED): Breaker =>
  Object.freeze(events.reduce(evolveBreaker, from));
const after = (before: Breaker, outcome: CallOutcome, now = 1_000, who = by()): Breaker =>
  fold(decideReport(before, who, outcome, POLICY, now), before);

const failedTwice = after(after(CLOSED, FAILURE), FAILURE);
const open = after(failedTwice, FAILURE);
const probe = by(7, 'e-2');
const halfOpen = fold(decideProbe(open, probe, 11_000), open);

describe('a closed breaker', () => {
  it('counts failures in a row, and opens with as many as its threshold', () => {
    expect(decideReport(CLOSED, by(), FAILURE, POLICY, 1_000)).toEqual([
      { type: 'breaker.failed', facts: { ...by(), failures: 1, threshold: 3, errorType: 'Busy' } },
    ]);
    expect(decideReport(failedTwice, by(), FAILURE, POLICY, 1_000)).toEqual([
      {
        type: 'breaker.opened',
        facts: { ...by(), failures: 3, threshold: 3, errorType: 'Busy', until: 11_000 },
      },
    ]);
  });

  it('begins to count anew with a success, which is worth an event only then', () => {
    expect(after(failedTwice, SUCCESS)).toEqual(CLOSED);
    expect(decideReport(CLOSED, by(), SUCCESS, POLICY, 1_000)).toEqual([]);
  });

  it('learns nothing from a call of which nobody knows how it ended', () => {
    expect(decideReport(failedTwice, by(), LOST, POLICY, 1_000)).toEqual([]);
  });

  it('lets everything be called', () => {
    expect(verdictOf(failedTwice, by(), 0)).toBe('call');
    expect(decideProbe(failedTwice, by(), 0)).toEqual([]);
  });
});

describe('an open breaker', () => {
  it('refuses until its time is over, whoever asks', () => {
    expect(verdictOf(open, by(), 10_999)).toBe('refuse');
    expect(decideProbe(open, by(), 10_999)).toEqual([]);
  });

  it('lets one attempt through then', () => {
    expect(verdictOf(open, probe, 11_000)).toBe('probe');
    expect(decideProbe(open, probe, 11_000)).toEqual([
      { type: 'breaker.half_opened', facts: { ...probe, failures: 3, threshold: 3 } },
    ]);
  });

  it('is not changed by calls that began before', () => {
    for (const outcome of [FAILURE, SUCCESS, LOST])
      expect(decideReport(open, by(), outcome, POLICY, 2_000)).toEqual([]);
  });
});

describe('a half open breaker', () => {
  it('lets its probe through, also when it asks again, and nobody else', () => {
    expect(verdictOf(halfOpen, probe, 99_999)).toBe('call');
    for (const other of [by(8, 'e-2'), by(7, 'e-3'), { ...probe, step: 'other' }]) {
      expect(verdictOf(halfOpen, other, 99_999)).toBe('refuse');
      expect(decideProbe(halfOpen, other, 99_999)).toEqual([]);
    }
  });

  it('closes when its probe succeeds', () => {
    expect(decideReport(halfOpen, probe, SUCCESS, POLICY, 12_000)).toEqual([
      { type: 'breaker.closed', facts: probe },
    ]);
    expect(after(halfOpen, SUCCESS, 12_000, probe)).toEqual(CLOSED);
  });

  it('opens for as long again when its probe fails', () => {
    expect(decideReport(halfOpen, probe, FAILURE, POLICY, 12_000)).toMatchObject([
      { type: 'breaker.opened', facts: { failures: 4, threshold: 3, until: 22_000 } },
    ]);
  });

  it('lets the next one through at once when its probe came to nothing', () => {
    const next = after(halfOpen, LOST, 12_000, probe);
    expect(next).toMatchObject({ status: 'open', failures: 3, until: 12_000 });
    expect(verdictOf(next, by(), 12_000)).toBe('probe');
  });

  it('does not care how other calls end', () => {
    for (const outcome of [FAILURE, SUCCESS, LOST])
      expect(decideReport(halfOpen, by(), outcome, POLICY, 12_000)).toEqual([]);
  });
});
