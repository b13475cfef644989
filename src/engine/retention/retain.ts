import type { RecordedEvent } from '../../domain/event.ts';
import type { ChosenExecution, RetentionChosen } from '../../domain/retention/events.ts';
import { streamOf } from '../../domain/stream.ts';
import { whenAvailable } from '../../commands/append.ts';
import type { Caller } from '../../commands/caller.ts';
import type { StoredArchive } from '../../ports/archives.ts';
import { readStream } from '../../ports/read-stream.ts';
import type { Retained } from '../../ports/retentions.ts';
import { archiveLines } from './archive-lines.ts';
import { candidates, type Candidate } from './candidates.ts';
import { readEnded } from './ended-streams.ts';
import type { RetentionParts } from './parts.ts';
import { removeBatch } from './remove-batch.ts';
import { openRetentionLog, type RetentionLog } from './retention-log.ts';

/** What is to be removed. */
export interface WhatToRemove {
  readonly workflow: string;
  /** What ended before this, ms since the Unix epoch. */
  readonly before: number;
  readonly archives: boolean;
}

const DIGITS = 6;

interface Chosen {
  readonly executions: readonly ChosenExecution[];
  /** In the order of the executions, each behind its own. */
  readonly streams: readonly { readonly name: string; readonly upTo?: number }[];
}

/** What of candidates the log says the same of, and their streams. */
const chosenOf = async (
  { log, world, over, floor }: RetentionParts,
  before: number,
  found: readonly Candidate[],
): Promise<Chosen> => {
  const lowest = await floor();
  const executions: ChosenExecution[] = [];
  const streams: Chosen['streams'][number][] = [];
  for (const { id, streams: more } of found) {
    const ended = await whenAvailable(world.clock, over, () => readEnded(log, id, before, lowest));
    if (ended === undefined) continue;
    executions.push(ended);
    streams.push(
      { name: streamOf('execution', id), upTo: ended.revision },
      ...more.map((name) => ({ name })),
    );
  }
  return { executions, streams };
};

async function* eventsOf(
  { log }: RetentionParts,
  { streams }: Chosen,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (const { name, upTo } of streams) yield* readStream(log, name, upTo);
}

/** How many executions would be removed now. Rejects as the stores do. */
export const countRemovable = async (parts: RetentionParts, what: WhatToRemove): Promise<number> => {
  let count = 0;
  for await (const page of candidates(parts, what.workflow, what.before))
    count += (await chosenOf(parts, what.before, page)).executions.length;
  return count;
};

const archiveOf = async (
  parts: RetentionParts,
  { workflow, archives }: WhatToRemove,
  batch: number,
  chosen: Chosen,
): Promise<StoredArchive | undefined> => {
  if (!archives) return undefined;
  const title = `${workflow}-${String(batch).padStart(DIGITS, '0')}`;
  return parts.archives.write(title, archiveLines({ workflow, batch }, eventsOf(parts, chosen)));
};

const chosenEvent = (
  workflow: string,
  batch: number,
  { executions }: Chosen,
  archive: StoredArchive | undefined,
): RetentionChosen => {
  const ends = executions.map(({ endedAt }) => endedAt);
  const bounds = { from: Math.min(...ends), to: Math.max(...ends) };
  const kept = archive && { archive: archive.name, digest: archive.digest, bytes: archive.bytes };
  return {
    type: 'retention.chosen',
    facts: { workflow, batch, executions: executions.length, ...bounds, ...kept },
    payload: { executions },
  };
};

/**
 * Removes the executions of a workflow that ended before a time, batch after batch, each archived first; goes on with
 * what was left of a batch. Says so in the log before and after each batch, and nothing when there is nothing to remove.
 * Rejects with `RETENTION_UNDER_WAY` when another node does so too, and as the stores do: then it can be gone on with.
 */
export const retain = async (
  parts: RetentionParts,
  what: WhatToRemove,
  caller: Caller,
): Promise<Omit<Retained, 'before'>> => {
  const { workflow, before, archives } = what;
  const log: RetentionLog = await openRetentionLog(parts, workflow, caller);
  const sum = { removed: 0, left: 0 };
  const stored: StoredArchive[] = [];
  let batches = 0;
  let isBegun = false;
  const begin = async (): Promise<void> => {
    if (!isBegun) await log.append({ type: 'retention.begun', facts: { workflow, before, archives } });
    isBegun = true;
  };
  const finish = async (): Promise<void> => {
    const { pending } = log.state;
    if (pending === undefined) return;
    const outcome = await removeBatch(parts, pending, caller);
    await log.append({
      type: 'retention.removed',
      facts: { workflow, batch: pending.facts.batch, ...outcome },
    });
    sum.removed += outcome.removed;
    sum.left += outcome.left;
    batches += 1;
  };

  if (log.state.isOpen) await begin();
  await finish();
  for await (const page of candidates(parts, workflow, before)) {
    if (parts.ending.aborted) break;
    const chosen = await chosenOf(parts, before, page);
    if (chosen.executions.length === 0) continue;
    await begin();
    const batch = log.state.batches + 1;
    const archive = await archiveOf(parts, what, batch, chosen);
    if (archive !== undefined) stored.push(archive);
    await log.append(chosenEvent(workflow, batch, chosen, archive));
    await finish();
  }
  if (isBegun)
    await log.append({ type: 'retention.ended', facts: { workflow, removed: sum.removed, batches } });
  return { workflow, ...sum, archives: stored };
};
