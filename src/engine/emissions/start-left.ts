import { acceptedIn } from '../../commands/gathered-events.ts';
import { startReleased } from '../../commands/start-gathered.ts';
import { startPinned, type Starting } from '../../commands/start-pinned.ts';
import { saidBy, startedIdOf } from '../../domain/emission.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import { current } from '../../domain/registry.ts';
import { entityOf } from '../../domain/stream.ts';
import { LogUnavailable, type EventLog } from '../../ports/event-log.ts';
import type { Logger } from '../../ports/logger.ts';
import type { OpenEmission } from './open-emissions.ts';

/** What executions that an event did not come to are started with. */
export interface StartingLeft extends Starting {
  readonly log: Pick<EventLog, 'read'>;
  readonly logger: Logger;
}

/** Something that is to be started; answers whether that is new. */
interface Left {
  readonly executionId: string;
  readonly start: () => Promise<boolean>;
}

/**
 * Starts what is left of an accepted event, of the executions that are meant, in the name of whoever emitted it. Answers
 * whether all of them are started; what cannot be is told of in the server's own log. Rejects with `LogUnavailable`.
 */
export const startLeft = async (
  { log, logger, ...starting }: StartingLeft,
  { eventId, stream, revision, left }: OpenEmission,
  meant: (executionId: string) => boolean = () => true,
): Promise<boolean> => {
  const [recorded] = await log.read(stream, { from: revision, limit: 1 });
  if (recorded === undefined) return false;
  let all = true;
  for (const { executionId, start } of startsIn(starting, recorded)) {
    if (!left.has(executionId) || !meant(executionId)) continue;
    try {
      if (await start()) logger.info({ executionId, eventId }, 'Started what an event was accepted for.');
    } catch (error) {
      if (error instanceof LogUnavailable) throw error;
      all = false;
      logger.error({ executionId, eventId, err: error }, 'What an event was accepted for cannot be started.');
    }
  }
  return all;
};

const startsIn = (starting: Starting, recorded: RecordedEvent): readonly Left[] => {
  const event = current(recorded);
  if (event.type === 'trigger.released') {
    const { facts } = event;
    const released = { id: entityOf(event.stream), facts };
    const start = async () => (await startReleased(starting, released)).created;
    return [{ executionId: facts.execution, start }];
  }
  const accepted = { ...acceptedIn(recorded), at: event.position };
  return (saidBy(event).starts ?? []).map((pinned) => ({
    executionId: startedIdOf(pinned, accepted.eventId),
    start: async () => {
      const outcome = await startPinned(starting, accepted, pinned);
      return outcome.came === 'started' && outcome.created;
    },
  }));
};
