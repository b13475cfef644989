import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { parseDuration } from '../../src/domain/duration.ts';
import { endsVisit, timeOf, writtenStep, type History } from './histories.ts';

type Tell = (invariant: string, event: RecordedEvent) => void;

const LIMITS = ['step', 'queue', 'run', 'compensation'];

/** A step that waits for somebody to serve it, or to be let through, and nothing comes of it meanwhile. */
const WAITS: readonly string[] = ['step.requested', 'step.queued'];

const isOfActivity =
  (activity: unknown) =>
  ({ facts }: RecordedEvent): boolean =>
    facts['activity'] === activity;

const textOf = (fact: unknown): string => (typeof fact === 'string' ? fact : '');

/** Whether a timer that fired was a limit, and no wait. */
export const isLimit = ({ facts }: RecordedEvent): boolean => LIMITS.includes(textOf(facts['purpose']));

/** Where an event says until when a limit lasts that begins with it. */
const SAID: Readonly<Record<string, readonly (readonly [type: string, fact: string])[]>> = {
  step: [['step.started', 'deadline']],
  queue: [
    ['step.queued', 'dueAt'],
    ['step.requested', 'dueAt'],
  ],
  run: [
    ['execution.started', 'deadline'],
    ['execution.retried', 'deadline'],
    ['execution.admitted', 'deadline'],
  ],
  compensation: [['saga.compensating', 'deadline']],
};

const msOf = (duration: string | undefined): number | undefined =>
  duration === undefined ? undefined : parseDuration(duration);

/** Milliseconds that a step may take by its author's word; an activity's time-out alone is that of an attempt. */
const stepLimit = ({ written }: History, path: string): number | undefined => {
  const { timeout, ...step } = writtenStep(written, path) ?? {};
  if (typeof timeout === 'object') return msOf(timeout.step);
  return 'activity' in step ? undefined : msOf(timeout);
};

/** A limit is what its author wrote, counted from where it begins, and fires when it is reached and only then. */
export const checkLimits = (history: History, tell: Tell): void => {
  const { events, written } = history;
  for (const [index, event] of events.entries()) {
    const { facts, type } = event;
    const before = events.slice(0, index).filter(({ facts: { step } }) => step === facts['step']);
    // One that goes on with its undoing has no time but that.
    const isBegun = type === 'execution.retried' && events[index + 1]?.type !== 'saga.compensating';
    // The time of one that has to wait for its turn begins when that comes.
    const waits = type !== 'execution.admitted' && written.concurrency?.max_workflows !== undefined;
    if (type === 'execution.started' || type === 'execution.admitted' || isBegun) {
      const limit = waits ? undefined : msOf(written.timeout?.run);
      if (facts['deadline'] !== (limit === undefined ? undefined : timeOf(event) + limit))
        tell('a run has the time that its author gives it', event);
    }
    if (type === 'saga.compensating') {
      const limit = msOf(written.compensation.timeout);
      if (facts['deadline'] !== (limit === undefined ? undefined : timeOf(event) + limit))
        tell('an undoing has the time that its author gives it', event);
    }
    if (type === 'execution.retried' || type === 'execution.admitted') {
      const retried = events.slice(0, index + 1).findLast((known) => known.type === 'execution.retried');
      const blocks = waits ? [] : ((retried?.facts['blocks'] ?? []) as readonly string[]);
      const limits = blocks.flatMap((step) => {
        const limit = stepLimit(history, step);
        return limit === undefined ? [] : [[step, timeOf(event) + limit]];
      });
      const { deadlines = {} } = facts;
      if (!isDeepStrictEqual(deadlines, Object.fromEntries(limits)))
        tell('a block that goes on has the time that its author gives it', event);
    }
    if (type === 'step.started') {
      const limit = stepLimit(history, textOf(facts['step']));
      const visit = before.slice(before.findLastIndex(endsVisit) + 1);
      const begun = visit.find((known) => known.type === type) ?? event;
      if (facts['deadline'] !== (limit === undefined ? undefined : timeOf(begun) + limit))
        tell('a step has the time that its author gives it', event);
    }
    if (
      (type === 'step.requested' || type === 'step.queued') &&
      events.slice(0, index).every((known) => known.type !== 'saga.compensating')
    ) {
      const timeout = writtenStep(written, textOf(facts['step']))?.timeout;
      const limit = typeof timeout === 'object' ? msOf(timeout.queue) : undefined;
      const waited = before.slice(before.findLastIndex((known) => !WAITS.includes(known.type)) + 1);
      const since = timeOf(waited.find(isOfActivity(facts['activity'])) ?? event);
      if (facts['dueAt'] !== (limit === undefined ? undefined : since + limit))
        tell('a step waits as long as its author lets it', event);
    }
    if (type !== 'timer.fired' || !isLimit(event)) continue;
    const isSaid = (SAID[textOf(facts['purpose'])] ?? []).some(([of, fact]) =>
      (facts['step'] === '' ? events : before).some(
        (known) => known.type === of && known.facts[fact] === facts['dueAt'],
      ),
    );
    if (!isSaid || Number(facts['dueAt']) > timeOf(event)) tell('no limit is reached before its time', event);
    if (events[index + 1]?.commit.hash !== event.commit.hash)
      tell('a limit that is reached leads to something', event);
  }
};
