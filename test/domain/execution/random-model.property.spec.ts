import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/domain/execution/decide.ts';
import { evolve } from '../../../src/domain/execution/evolve.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import { INITIAL, type ExecutionState } from '../../../src/domain/execution/state.ts';
import { verifyChain } from '../../../src/domain/verify-chain.ts';
import { happened, record } from '../../spec/given.ts';
import { decisionsOf, randomRun, type Decided } from '../../spec/random-execution.ts';
import { always, eventsOf, ofType, RUNS } from './laws.ts';

const fold = (decided: readonly Decided[]): ExecutionState =>
  decided.reduce(
    (state, { events, at }) => events.reduce((s, event) => evolve(s, event, at), state),
    INITIAL,
  );

describe('any execution', () => {
  test('is what its events say, also after they were written and read', () => {
    always((decided) => {
      const live = decided.at(-1)?.state;
      expect(fold(decided)).toEqual(live);
      expect(fold(JSON.parse(JSON.stringify(decided)) as readonly Decided[])).toEqual(live);
    });
  });

  test('is decided the same again from the same state, time and chance', () => {
    always((decided, { definition }) => {
      for (const { command, at, random, before, events, state } of decided) {
        const served = !events.some(({ type }) => type === 'step.queued');
        const context = { executionId: 'e-1', now: at, random: () => random, serves: () => served };
        expect(decide(definition, before, command, context)).toMatchObject({ events, state });
      }
    });
  });

  test('goes from status to status on these ways only', () => {
    const ways: Readonly<Record<string, readonly string[]>> = {
      none: ['running'],
      running: ['running', 'compensating', 'completed', 'failed', 'cancelled'],
      compensating: ['compensating', 'compensated', 'failed', 'cancelled'],
    };
    always((decided) => {
      let state = INITIAL;
      for (const { events, at } of decided)
        for (const event of events) {
          const next = evolve(state, event, at);
          expect(ways[state.status]).toContain(next.status);
          state = next;
        }
    });
  });

  test('waits for something until it has ended, and then for nothing', () => {
    always((decided, { definition }) => {
      for (const { state } of decided) {
        const active = state.status === 'running' || state.status === 'compensating';
        const pending = pendingOf(definition, state);
        const waits = pending.filter((one) => one.kind !== 'timer' || one.limit === undefined);
        expect(waits).toHaveLength(active ? 1 : 0);
        expect(active || pending.length === 0).toBe(true);
      }
    });
  });

  test('ends once, says from when to when, and nothing happens to it any more', () => {
    always((decided) => {
      const events = eventsOf(decided);
      const startedAt = decided[0]?.at ?? 0;
      const ends = ofType(
        events,
        'execution.completed',
        'execution.failed',
        'execution.cancelled',
        'saga.compensated',
      );
      expect(ends.length).toBeLessThanOrEqual(1);
      const { at = 0, events: last = [], before = INITIAL } = decided.at(-1) ?? {};
      const { status } = last.slice(0, -1).reduce((state, event) => evolve(state, event, at), before);
      for (const end of ends) {
        expect(events.at(-1)).toBe(end);
        expect(end.facts).toMatchObject({ startedAt, duration: at - startedAt, from: status });
      }
    });
  });

  test('has a hash chain that holds, and does not when anything of it is another', () => {
    fc.assert(
      fc.property(randomRun, fc.nat(), (run, any) => {
        const history = decisionsOf(run, 'e-1').map(({ at, events }) =>
          happened('execution-e-1', at, ...events),
        );
        const events = record(history);
        expect(verifyChain('execution-e-1', events)).toMatchObject({ ok: true });
        const changed = events.map((event, n) =>
          n === any % events.length ? { ...event, facts: { ...event.facts, workflow: 'other' } } : event,
        );
        expect(verifyChain('execution-e-1', changed)).toMatchObject({ ok: false });
      }),
      RUNS,
    );
  });
});

describe('the steps of any execution', () => {
  test('come in the order of the definition, none left out', () => {
    always((decided, { definition }) => {
      const names = definition.steps.map(({ name }) => name);
      const reached = [
        ...new Set(
          ofType(
            eventsOf(decided),
            'step.started',
            'step.queued',
            'step.skipped',
            'step.failed',
            'variables.set',
          )
            .map(({ facts }) => facts.step)
            .filter((step) => names.includes(step)),
        ),
      ];
      const completed = decided.at(-1)?.state.status === 'completed';
      expect(reached).toEqual(completed ? names : names.slice(0, reached.length));
    });
  });

  test('are tried one attempt after the other, numbered without a gap', () => {
    always((decided, { definition }) => {
      const events = eventsOf(decided);
      const begun = ofType(events, 'step.started').map(({ facts }) => facts);
      for (const { name } of definition.steps) {
        const attempts = begun.filter(({ step }) => step === name).map(({ attempt }) => attempt);
        expect(attempts).toEqual(attempts.map((_, n) => n + 1));
      }
      const trail = ofType(events, 'step.started', 'step.completed', 'step.failed', 'step.retry_scheduled')
        .filter(({ facts }) => !('compensation' in facts && facts.compensation))
        .filter(({ facts }) => facts.attempt > 0 && !('between' in facts))
        .map(
          ({ type, facts }) =>
            `${type === 'step.started' ? 'began' : 'ended'} ${facts.step} ${facts.attempt}`,
        );
      const oneByOne = begun.flatMap(({ step, attempt }) => [
        `began ${step} ${attempt}`,
        `ended ${step} ${attempt}`,
      ]);
      expect(trail).toEqual(oneByOne.slice(0, trail.length));
    });
  });

  test('take no report of an attempt that is not under way', () => {
    always((decided, { definition }) => {
      const context = { executionId: 'e-1', now: 0, random: () => 0, serves: () => true };
      for (const { state } of decided) {
        const [pending] = pendingOf(definition, state);
        for (const step of [...definition.steps.map(({ name }) => name), 'nobody'])
          for (const compensation of [true, false])
            for (const attempt of [0, 1, 2, 3]) {
              const real =
                pending?.kind === 'attempt' &&
                pending.step === step &&
                pending.attempt === attempt &&
                pending.compensation === compensation;
              if (real) continue;
              const report = { step, attempt, compensation, output: 1 } as const;
              const stale = decide(definition, state, { type: 'complete_attempt', ...report }, context);
              expect(stale).toEqual({ events: [], state, definition, unfinished: false });
            }
      }
    });
  });

  test('take no timer but the one that they wait for', () => {
    always((decided, { definition }) => {
      const context = { executionId: 'e-1', now: 0, random: () => 0, serves: () => true };
      for (const { state } of decided) {
        const [pending] = pendingOf(definition, state);
        const dueAt = pending?.kind === 'timer' ? pending.dueAt : 0;
        for (const { name: step } of definition.steps) {
          const early = decide(definition, state, { type: 'fire_timer', step, dueAt: dueAt + 1 }, context);
          expect(early.events).toEqual([]);
        }
      }
    });
  });
});

test('the laws are about something: every way that an execution can go is drawn', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(randomRun, (run) => {
      for (const event of eventsOf(decisionsOf(run, 'e-1'))) seen.add(event.type);
    }),
    { numRuns: 2_000, seed: 7 },
  );
  expect([...seen].sort()).toEqual([
    'execution.cancelled',
    'execution.completed',
    'execution.failed',
    'execution.started',
    'saga.compensated',
    'saga.compensating',
    'signal.awaited',
    'signal.received',
    'step.admitted',
    'step.cancelled',
    'step.compensated',
    'step.compensating',
    'step.compensation_failed',
    'step.completed',
    'step.failed',
    'step.queued',
    'step.rejected',
    'step.requested',
    'step.retry_scheduled',
    'step.skipped',
    'step.started',
    'timer.fired',
    'timer.scheduled',
    'variables.set',
  ]);
});
