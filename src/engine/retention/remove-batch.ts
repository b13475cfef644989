import { seal } from '../../domain/chain.ts';
import type { FinalStatus } from '../../domain/execution/events.ts';
import type { ExecutionRemoved } from '../../domain/execution/removal-events.ts';
import type { ChosenExecution } from '../../domain/retention/events.ts';
import type { PendingBatch } from '../../domain/retention/state.ts';
import { streamOf } from '../../domain/stream.ts';
import { appendPatiently, whenAvailable } from '../../commands/append.ts';
import type { Caller } from '../../commands/caller.ts';
import { WrongExpectedRevision } from '../../ports/event-log.ts';
import { createPool } from '../pool.ts';
import type { RetentionParts } from './parts.ts';

const AT_ONCE = 16;

/** What came of a batch. */
export interface RemovedBatch {
  readonly removed: number;
  readonly left: number;
}

/**
 * Says of each execution of a batch that it is removed, unless something has happened to it since it was chosen. What was
 * removed before counts, so that a batch can be gone on with. Rejects as the log does.
 */
export const removeBatch = async (
  { log, world, envelopes, over }: RetentionParts,
  { facts: { workflow, archive }, executions }: PendingBatch,
  caller: Caller,
): Promise<RemovedBatch> => {
  const wasRemoved = async ({ id, revision }: ChosenExecution): Promise<boolean> => {
    const read = () => log.read(streamOf('execution', id), { from: revision + 1, limit: 1 });
    const [next] = await whenAvailable(world.clock, over, read);
    return next?.type === 'execution.removed';
  };

  const remove = async (chosen: ChosenExecution): Promise<boolean> => {
    const { id, revision, hash, status, endedAt, tenant, definition } = chosen;
    const event: ExecutionRemoved = {
      type: 'execution.removed',
      facts: {
        workflow,
        status: status as FinalStatus,
        endedAt,
        ...(archive === undefined ? {} : { archive }),
      },
    };
    const metadata = envelopes.open(id, caller, tenant, world.clock.now(), definition);
    const commit = seal(streamOf('execution', id), { revision, hash }, [event], metadata);
    try {
      await appendPatiently(log, world.clock, commit, over);
      return true;
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return wasRemoved(chosen);
      throw error;
    }
  };

  const pool = createPool(AT_ONCE);
  const outcomes = await Promise.all(executions.map((chosen) => pool(() => remove(chosen))));
  const removed = outcomes.filter((isRemoved) => isRemoved).length;
  return { removed, left: outcomes.length - removed };
};
