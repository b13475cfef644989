import { describe, expect, test } from 'vitest';
import type { ActivityStep, RetryPolicy } from '../../../src/domain/definition/definition.ts';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import type { RandomRun } from '../../spec/random-execution.ts';
import { always, eventsOf, ofType } from './laws.ts';

type Retry = Extract<ExecutionEvent, { type: 'step.retry_scheduled' }>;

describe('retries of any execution', () => {
  /** What the policy says of the delay after so many tries; an interruption that does no harm has none. */
  const delayOf = (
    { initial, multiplier, max, jitter }: RetryPolicy,
    tries: number,
    random: number,
    uncounted: boolean,
  ) => {
    const base = uncounted ? 0 : Math.min(initial * multiplier ** (tries - 1), max);
    return { exact: Math.round(base * (1 + jitter * (2 * random - 1))), most: base * jitter + 1, base };
  };

  /** How many attempts there were, of the same activity, that its policy counts. */
  const triesOf = (
    events: readonly ExecutionEvent[],
    { step, activity, compensation }: Retry['facts'],
  ): number => {
    const same = (facts: { readonly step: string; readonly activity: string }) =>
      facts.step === step && facts.activity === activity;
    const begun = ofType(events, compensation ? 'step.compensating' : 'step.started');
    const uncounted = ofType(events, 'step.retry_scheduled').filter(({ facts }) => facts.uncounted);
    const refused = compensation ? [] : ofType(events, 'step.rejected');
    const count = (all: readonly { readonly facts: { step: string; activity: string } }[]): number =>
      all.filter(({ facts }) => same(facts)).length;
    return count(begun) + count(refused) - count(uncounted);
  };

  test('come after the delay that was drawn, within the jitter of the policy, and are recorded', () => {
    always((decided, { definition }) => {
      for (const [n, { events, at, random }] of decided.entries())
        for (const { facts } of ofType(events, 'step.retry_scheduled')) {
          const { step: name, delay, dueAt, compensation, uncounted = false } = facts;
          const step = definition.steps.find((known) => known.name === name) as ActivityStep | undefined;
          const policy = compensation ? definition.compensation.retry : step?.retry;
          if (policy === undefined) throw new TypeError(`Expected a policy of ${name}.`);
          const tries = triesOf(eventsOf(decided.slice(0, n)), facts);
          const { exact, base, most } = delayOf(policy, tries, random, uncounted);
          expect(delay).toBe(exact);
          expect(Math.abs(delay - base)).toBeLessThanOrEqual(most);
          expect(dueAt).toBe(at + delay);
          expect(uncounted).toBe(facts.errorType === 'Interrupted');
        }
    });
  });

  test('are as many as the policy allows, interruptions that do no harm left out', () => {
    always((decided, { definition }) => {
      const events = eventsOf(decided);
      for (const step of definition.steps) {
        if (step.kind !== 'activity') continue;
        for (const fallback of [false, true]) {
          const begun = ofType(events, 'step.started').filter(
            ({ facts }) => facts.step === step.name && facts.fallback === fallback,
          );
          const attempts = new Set(begun.map(({ facts }) => facts.attempt));
          const uncounted = ofType(events, 'step.retry_scheduled').filter(
            ({ facts }) => facts.step === step.name && facts.uncounted && attempts.has(facts.attempt),
          );
          expect(begun.length - uncounted.length).toBeLessThanOrEqual(step.retry.maxAttempts);
        }
      }
    });
  });

  test('never follow an error that the policy names', () => {
    always((decided, { definition }) => {
      for (const { facts } of ofType(eventsOf(decided), 'step.retry_scheduled')) {
        const step = definition.steps.find(({ name }) => name === facts.step);
        const policy =
          facts.compensation || step?.kind !== 'activity' ? definition.compensation.retry : step.retry;
        expect(policy.nonRetryable).not.toContain(facts.errorType);
      }
    });
  });
});

describe('what undoes any execution', () => {
  /** What is to be undone when a run is, by the definition and what completed until then. */
  const planOf = (events: readonly ExecutionEvent[], { definition }: RandomRun): readonly string[] => {
    const { strategy, byStep, activities } = definition.compensation;
    const done = ofType(events, 'step.completed')
      .map(({ facts }) => facts.step)
      .filter((step) => step in byStep);
    return [...(strategy === 'reverse' ? done.toReversed() : done), ...activities];
  };

  test('is begun when a step has failed for good where the definition says so, and never else', () => {
    always((decided, { definition }) => {
      const events = eventsOf(decided);
      const given = ofType(events, 'step.failed', 'timer.fired').filter(({ facts }) =>
        'handled' in facts
          ? facts.handled === 'compensate'
          : facts.purpose === 'run' && definition.onError === 'compensate',
      );
      const begun = ofType(events, 'saga.compensating');
      expect(begun.map(({ facts }) => facts.step)).toEqual(given.map(({ facts }) => facts.step));
      expect(begun.length > 0 && definition.onError !== 'compensate').toBe(false);
    });
  });

  test('is exactly what completed, in the order that was promised', () => {
    always((decided, run) => {
      const events = eventsOf(decided);
      const begun = events.findIndex(({ type }) => type === 'saga.compensating');
      if (begun < 0) return;
      const plan = planOf(events.slice(0, begun), run);
      expect(events[begun]?.facts).toMatchObject({ steps: plan });
      const called = ofType(events, 'step.compensating').map(({ facts }) => facts.step);
      const order = [...new Set(called)];
      expect(order).toEqual(plan.slice(0, order.length));
      const settled = ofType(events, 'step.compensated', 'step.compensation_failed').map(
        ({ facts }) => facts.step,
      );
      expect(settled).toEqual(plan.slice(0, settled.length));
    });
  });

  test('ends as compensated only when all of it was undone, else failed with what was not', () => {
    always((decided, run) => {
      const events = eventsOf(decided);
      const begun = events.findIndex(({ type }) => type === 'saga.compensating');
      const status = decided.at(-1)?.state.status;
      if (begun < 0 || status === 'compensating' || status === 'cancelled') return;
      const plan = planOf(events.slice(0, begun), run);
      const undone = ofType(events, 'step.compensated').map(({ facts }) => facts.step);
      const left = plan.filter((step) => !undone.includes(step));
      expect(status).toBe(left.length === 0 ? 'compensated' : 'failed');
      const failed = ofType(events, 'execution.failed');
      expect(failed.map(({ facts }) => facts.uncompensated)).toEqual(left.length === 0 ? [] : [left]);
    });
  });

  test('is tried as often as its policy allows', () => {
    always((decided, { definition }) => {
      const events = eventsOf(decided);
      for (const step of [...definition.steps.map(({ name }) => name), 'tidy']) {
        const called = ofType(events, 'step.compensating').filter(({ facts }) => facts.step === step);
        const uncounted = ofType(events, 'step.retry_scheduled').filter(
          ({ facts }) => facts.step === step && facts.compensation && facts.uncounted,
        );
        expect(called.map(({ facts }) => facts.attempt)).toEqual(called.map((_, n) => n + 1));
        expect(called.length - uncounted.length).toBeLessThanOrEqual(
          definition.compensation.retry.maxAttempts,
        );
      }
    });
  });
});
