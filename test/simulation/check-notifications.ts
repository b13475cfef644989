import type { RecordedEvent } from '../../src/domain/event.ts';
import { categoryOf, entityOf } from '../../src/domain/stream.ts';
import type { History } from './histories.ts';
import type { World } from './world.ts';

interface Target {
  readonly channel: string;
  readonly recipient: string;
}

interface Asked extends Target {
  readonly execution: string;
  /** Of the event that it is of; none when a step asked for it. */
  readonly revision?: number;
}

const keyOf = (execution: string, revision: number, { channel, recipient }: Target): string =>
  `${execution} ${revision} ${channel} ${recipient}`;

/** Whom the author says: the blocks of a definition as it is written. */
interface Written {
  readonly notification?: unknown;
  readonly compensation: { readonly notification?: unknown };
  readonly error_handling: { readonly workflow_error: { readonly notification?: unknown } };
}

/**
 * Whether the author has somebody told of an event of a run's end or of its being undone, with what was undone because
 * of a cancellation before it.
 */
const isTold = (
  { type, facts }: RecordedEvent,
  written: Written,
  isCancelled: boolean,
): boolean | undefined => {
  const failure = written.error_handling.workflow_error.notification !== undefined;
  const undoing = written.compensation.notification !== undefined;
  if (type === 'saga.compensating') return undoing;
  if (type === 'saga.compensated') return failure || undoing;
  if (type === 'execution.failed') return failure || (undoing && facts['from'] === 'compensating');
  if (type === 'execution.cancelled') {
    const left = facts['uncompensated'] as readonly string[] | undefined;
    if (left === undefined) return false;
    return undoing || (failure && !(isCancelled && left.length === 0));
  }
  return undefined;
};

/** Whoever is to be told of an event is asked to be told once, and nobody else is. */
const checkAsked = ({ log, broken }: World, histories: readonly History[]): void => {
  const asked = new Map<string, string>();
  for (const { type, facts, stream } of log.events) {
    if (type !== 'notification.requested') continue;
    const { execution, revision, ...target } = facts as unknown as Asked;
    if (revision === undefined) continue;
    const key = keyOf(execution, revision, target);
    if (asked.has(key)) broken('somebody is told of an event once', { key, stream, first: asked.get(key) });
    asked.set(key, stream);
  }
  for (const { id, events, written } of histories) {
    let isCancelled = false;
    for (const event of events) {
      if (event.type === 'saga.compensating') isCancelled = event.facts['cause'] === 'cancel';
      const targets = (event.facts['notifies'] ?? []) as unknown as readonly Target[];
      const told = isTold(event, written as unknown as Written, isCancelled);
      if (told !== undefined && told !== targets.length > 0)
        broken('who is told is who the author says', { id, event: event.type, facts: event.facts });
      for (const target of targets) {
        const key = keyOf(id, event.revision, target);
        if (!asked.delete(key)) broken('whoever is to be told is', { id, event: event.type, target });
      }
    }
  }
  if (asked.size > 0) broken('nobody is told of what did not happen', { left: [...asked.keys()] });
};

/** Each notification ends, and ends as sent only when its recipient has it. */
const checkEnds = ({ log, post, broken }: World): void => {
  const streams = Map.groupBy(
    log.events.filter(({ stream }) => categoryOf(stream) === 'notification'),
    ({ stream }) => stream,
  );
  for (const [stream, events] of streams) {
    const last = events.at(-1);
    const id = entityOf(stream);
    const tries = post.posted.filter((one) => one.id === id);
    const facts = { id, events: events.map(({ type }) => type), tries };
    if (events.filter(({ type }) => type === 'notification.requested').length !== 1)
      broken('a notification is asked for once', facts);
    if (last?.type !== 'notification.sent' && last?.type !== 'notification.dead_lettered')
      broken('every notification ends', facts);
    if (last?.type === 'notification.sent' && !tries.some(({ arrived }) => arrived))
      broken('what was sent has arrived', facts);
    const recorded = events.filter(({ type }) => /\.(sent|failed)$/.test(type)).length;
    if (recorded > tries.length) broken('no attempt is recorded that was not made', facts);
  }
};

/** Notifications follow from what happened, and from nothing else. */
export const checkNotifications = (world: World, histories: readonly History[]): void => {
  checkAsked(world, histories);
  checkEnds(world);
};
