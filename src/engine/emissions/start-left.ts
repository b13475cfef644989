import type { Caller } from '../../commands/caller.ts';
import { startPinned, type Starting } from '../../commands/start-pinned.ts';
import { saidBy, startedIdOf } from '../../domain/emission.ts';
import { current } from '../../domain/registry.ts';
import { streamOf } from '../../domain/stream.ts';
import { LogUnavailable, type EventLog } from '../../ports/event-log.ts';
import type { Logger } from '../../ports/logger.ts';
import type { OpenEmission } from './open-emissions.ts';

/** What executions that an event did not come to are started with. */
export interface StartingLeft extends Starting {
  readonly log: Pick<EventLog, 'read'>;
  readonly logger: Logger;
}

/**
 * Starts what is left of an accepted event, of the executions that are meant, in the name of whoever emitted it. Answers
 * whether all of them are started; what cannot be is told of in the server's own log. Rejects with `LogUnavailable`.
 */
export const startLeft = async (
  { log, logger, ...starting }: StartingLeft,
  { eventId, left }: OpenEmission,
  meant: (executionId: string) => boolean = () => true,
): Promise<boolean> => {
  const [recorded] = await log.read(streamOf('event', eventId), { limit: 1 });
  if (recorded === undefined) return false;
  const event = current(recorded);
  const { type, payload, starts = [], ...by } = saidBy(event);
  const { actor, tenant, traceparent } = event.commit.metadata;
  const caller: Caller = { actor, tenant, traceparent, ...by };

  let all = true;
  for (const pinned of starts) {
    const executionId = startedIdOf(pinned, eventId);
    if (!left.has(executionId) || !meant(executionId)) continue;
    try {
      const { created } = await startPinned(
        starting,
        { eventId, type, payload, caller, at: event.position },
        pinned,
      );
      if (created) logger.info({ executionId, eventId }, 'Started what an event was accepted for.');
    } catch (error) {
      if (error instanceof LogUnavailable) throw error;
      all = false;
      logger.error({ executionId, eventId, err: error }, 'What an event was accepted for cannot be started.');
    }
  }
  return all;
};
