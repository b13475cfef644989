import type { Meter } from '@opentelemetry/api';
import type { SealedEvent } from '../../domain/chain.ts';
import type { EventOf, EventType } from '../../domain/registry.ts';

// From a call that answers at once to one that a person is waited for with, in seconds.
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600, 86_400];

type Counts = { readonly [Type in EventType]?: (facts: EventOf<Type>['facts']) => void };

interface Timed {
  readonly workflow: string;
  readonly activity: string;
  readonly duration: number;
}

/**
 * Counts what becomes durable by what it says of itself: executions, steps, retries, waits, breakers. Labels are names
 * of workflows and activities and words of fixed lists; never an id, an error's text or anything of a payload.
 */
export const createEventCounts = (meter: Meter): ((events: readonly SealedEvent[]) => void) => {
  const counter = (name: string, description: string) =>
    meter.createCounter(`sagalog.${name}`, { description });
  const seconds = (name: string, description: string) =>
    meter.createHistogram(`sagalog.${name}`, {
      description,
      advice: { explicitBucketBoundaries: SECONDS },
    });
  const appended = counter('events.appended', 'Events that became durable, by type.');
  const started = counter('executions.started', 'Executions that were started.');
  const ran = seconds(
    'execution.duration_seconds',
    'From the start of executions to their end, by how they ended.',
  );
  const called = seconds('step.duration_seconds', 'Attempts of steps, by what came of them.');
  const retries = counter('step.retries', 'Attempts that another follows.');
  const skipped = counter('steps.skipped', 'Steps that were left out, and why.');
  const queued = counter('steps.queued', 'Steps that had to wait to be called, and for what.');
  const rejected = counter('steps.rejected', 'Calls that a limit did not let through.');
  const breakers = counter('breaker.transitions', 'Circuit breakers that opened, half opened or closed.');
  const notifications = counter(
    'notifications',
    'Attempts to send a message, by what came of them, and messages that were given up.',
  );

  const ended =
    (status: string) =>
    ({ workflow, duration }: { readonly workflow: string; readonly duration: number }): void =>
      ran.record(duration / 1_000, { workflow, status });
  const attempted =
    (outcome: string) =>
    ({ workflow, activity, duration }: Timed): void =>
      called.record(duration / 1_000, { workflow, activity, outcome });
  const turned =
    (to: string) =>
    ({ key: activity }: { readonly key: string }): void =>
      breakers.add(1, { activity, to });

  const counts: Counts = {
    'execution.started': ({ workflow }) => started.add(1, { workflow }),
    'execution.completed': ended('completed'),
    'execution.failed': ended('failed'),
    'execution.cancelled': ended('cancelled'),
    'saga.compensated': ended('compensated'),
    'step.completed': attempted('completed'),
    'step.failed': attempted('failed'),
    'step.cancelled': attempted('cancelled'),
    'step.compensated': attempted('compensated'),
    'step.compensation_failed': attempted('compensation_failed'),
    'step.retry_scheduled': (facts) => {
      attempted('retried')(facts);
      retries.add(1, { workflow: facts.workflow, activity: facts.activity });
    },
    'step.skipped': ({ workflow, reason }) => skipped.add(1, { workflow, reason }),
    'step.queued': (facts) => {
      const { workflow, activity } = facts;
      queued.add(1, { workflow, activity, at: facts.reason === 'limit' ? facts.gate : facts.reason });
    },
    'step.rejected': ({ workflow, activity, gate }) => rejected.add(1, { workflow, activity, at: gate }),
    'breaker.opened': turned('open'),
    'breaker.half_opened': turned('half_open'),
    'breaker.closed': turned('closed'),
    'notification.sent': ({ channel }) => notifications.add(1, { channel, outcome: 'sent' }),
    'notification.failed': ({ channel }) => notifications.add(1, { channel, outcome: 'failed' }),
    'notification.dead_lettered': ({ channel }) =>
      notifications.add(1, { channel, outcome: 'dead_lettered' }),
  };

  return (events) => {
    for (const { type, facts } of events) {
      appended.add(1, { type });
      const count = counts[type as EventType] as ((facts: unknown) => void) | undefined;
      count?.(JSON.parse(facts));
    }
  };
};
