import { saidBy } from '../domain/emission.ts';
import type { RecordedEvent } from '../domain/event.ts';
import type { Json } from '../domain/json.ts';
import { current } from '../domain/registry.ts';
import { entityOf, streamOf } from '../domain/stream.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Caller } from './caller.ts';
import type { Released } from './gatherings.ts';
import type { StartingEvent } from './start-one.ts';

/** Events that are read at a time. */
const AT_ONCE = 32;

/** An accepted event as the log holds it, in the name of whoever emitted it. */
export const acceptedIn = (recorded: RecordedEvent): StartingEvent => {
  const event = current(recorded);
  const { type, payload, trace, user } = saidBy(event);
  const { actor, tenant, traceparent, request } = event.commit.metadata;
  const caller: Caller = {
    actor,
    tenant,
    traceparent,
    trace,
    ...(request === undefined ? {} : { request }),
    ...(user === undefined ? {} : { user }),
  };
  return { eventId: entityOf(event.stream), type, payload, caller };
};

/** What starts a run that was released: the last event, and, where `all` are asked for, the payloads of them. */
export const readGathered = async (
  log: Pick<EventLog, 'read'>,
  { id, facts: { from, count } }: Released,
  all: boolean,
): Promise<StartingEvent> => {
  const [first, limit] = all ? [from, count] : [from + count - 1, 1];
  const gathered = await log.read(streamOf('gathering', id), { from: first, limit });
  const found: StartingEvent[] = [];
  for (let next = 0; next < gathered.length; next += AT_ONCE) {
    const reads = gathered
      .slice(next, next + AT_ONCE)
      .map(({ facts }) => readEvent(log, facts['event'] as string));
    found.push(...(await Promise.all(reads)));
  }
  const last = found.at(-1);
  if (last === undefined || found.length !== limit)
    throw new TypeError(`Expected gathering-${id} to hold ${limit} events, but it has ${found.length}.`);
  return all ? { ...last, payloads: found.map(({ payload }): Json => payload) } : last;
};

const readEvent = async (log: Pick<EventLog, 'read'>, eventId: string): Promise<StartingEvent> => {
  const stream = streamOf('event', eventId);
  const [recorded] = await log.read(stream, { limit: 1 });
  if (recorded === undefined) throw new TypeError(`Expected ${stream} to hold an event, but it is empty.`);
  return acceptedIn(recorded);
};
