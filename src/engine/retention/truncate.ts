import { Rejection } from '../../domain/rejection.ts';
import type { ChosenExecution } from '../../domain/retention/events.ts';
import { streamOf } from '../../domain/stream.ts';
import { truncatedOf, type TruncationState } from '../../domain/truncation/state.ts';
import { whenAvailable } from '../../commands/append.ts';
import type { Caller } from '../../commands/caller.ts';
import type { Truncated } from '../../ports/retentions.ts';
import { createPool } from '../pool.ts';
import { sealOff, standingOf, writeCondensed } from './condense.ts';
import type { RetentionParts } from './parts.ts';
import { readArchive } from './read-archive.ts';
import { removalsFrom, type Removal } from './removals.ts';
import { openTruncationLog, type TruncationLog } from './truncation-log.ts';

/** Which streams are to be truncated. */
export interface WhatToTruncate {
  readonly workflow: string;
  /** Batches all of whose executions ended before this (ms since the Unix epoch); all unless it is given. */
  readonly before?: number;
}

const AT_ONCE = 16;

/** What several executions may have together, to be held in memory in brief; one alone may have any number. */
const MOST_EVENTS = 50_000;

/** Executions of a removal, from the first one on, whose events are few enough to be held together. */
const partOf = (executions: readonly ChosenExecution[]): readonly ChosenExecution[] => {
  let events = 0;
  const end = executions.findIndex(({ revision }) => (events += revision + 1) > MOST_EVENTS);
  return end === -1 ? executions : executions.slice(0, Math.max(end, 1));
};

/** What is to be truncated next, part by part: what was removed, as long as it is old enough. */
async function* partsFrom(
  { log }: RetentionParts,
  { workflow, before = Number.POSITIVE_INFINITY }: WhatToTruncate,
  { removal, upTo }: { readonly removal: number; readonly upTo: number },
): AsyncGenerator<{
  readonly of: Removal;
  readonly first: number;
  readonly part: readonly ChosenExecution[];
}> {
  for await (const found of removalsFrom(log, workflow, removal)) {
    if (found.facts.to >= before) return;
    const { executions } = found;
    let first = found.facts.batch === removal ? upTo : 0;
    while (first < executions.length) {
      const part = partOf(executions.slice(first));
      yield { of: found, first, part };
      first += part.length;
    }
  }
}

/** How many streams would be truncated behind what was. Rejects as the log does. */
export const countTruncatable = async (
  parts: RetentionParts,
  what: WhatToTruncate,
  state: TruncationState,
): Promise<Truncated> => {
  const sum = { workflow: what.workflow, truncated: 0, left: 0, events: 0 };
  for await (const { part } of partsFrom(parts, what, truncatedOf(state, what.workflow)))
    for (const chosen of part) {
      const standing = await standingOf(parts, chosen);
      if (standing === 'there') sum.left += 1;
      // One that was removed once more is of that later batch, and counted there.
      if (standing !== 'removed' && standing !== 'condensed') continue;
      sum.truncated += 1;
      sum.events += chosen.revision + 1;
    }
  return sum;
};

/** Refuses to go on without a whole archive of what is to be truncated, where it was archived. Rejects with `ARCHIVE_NOT_FOUND`, `ARCHIVE_DAMAGED`, `ARCHIVE_CONFLICT`. */
const requireArchived = async (
  { archives }: RetentionParts,
  { facts, executions }: Removal,
): Promise<void> => {
  const { archive } = facts;
  if (archive === undefined) return;
  const held = new Map((await readArchive(archives, archive)).executions.map((one) => [one.id, one.hash]));
  const missing = executions.filter(({ id, hash }) => held.get(id) !== hash);
  if (missing.length === 0) return;
  throw new Rejection(
    'ARCHIVE_CONFLICT',
    `Expected ${archive} to hold what was removed into it, but ${missing.length} executions are not in it.`,
    { field: 'archive', found: archive, conflicts: missing.length },
  );
};

/** Gives up the streams of the batch that was chosen, if there is one. */
const carryOut = async (parts: RetentionParts, log: TruncationLog): Promise<void> => {
  const { chosen } = log.state;
  if (chosen === undefined) return;
  const { workflow, removal, first, executions, batch, streams } = chosen;
  const pool = createPool(AT_ONCE);
  for await (const found of removalsFrom(parts.log, workflow, removal)) {
    const part = found.executions.slice(first, first + executions);
    await Promise.all(
      part.map((one) =>
        pool(async () => {
          if ((await standingOf(parts, one)) !== 'condensed') return;
          const truncate = () => parts.log.truncate(streamOf('execution', one.id), one.revision + 1);
          await whenAvailable(parts.world.clock, parts.over, truncate);
        }),
      ),
    );
    break;
  }
  const facts = { workflow, removal, first, executions, batch };
  const left = executions - streams;
  await log.append({ type: 'truncation.ended', facts: { ...facts, truncated: streams, left } });
};

/**
 * Truncates the streams of executions of a workflow that were removed, batch after batch, each in brief and archived first;
 * goes on with what was left of a batch. What is back, or was never removed, stays. Rejects with `TRUNCATION_UNDER_WAY` when
 * another node does so too, with `ARCHIVE_NOT_FOUND`, `ARCHIVE_DAMAGED` and `ARCHIVE_CONFLICT` where the archive is not there
 * as it was written, and as the log does: then it can be gone on with.
 */
export const truncate = async (
  parts: RetentionParts,
  what: WhatToTruncate,
  caller: Caller,
): Promise<Truncated> => {
  const { workflow } = what;
  const log = await openTruncationLog(parts, caller);
  await carryOut(parts, log);
  const pool = createPool(AT_ONCE);
  const sum = { workflow, truncated: 0, left: 0, events: 0 };
  let checked = 0;
  for await (const { of, first, part } of partsFrom(parts, what, truncatedOf(log.state, workflow))) {
    if (parts.ending.aborted) break;
    if (of.facts.batch !== checked) await requireArchived(parts, of);
    checked = of.facts.batch;
    const batch = log.state.batches + 1;
    const facts = { workflow, removal: of.facts.batch, first, executions: part.length, batch };
    await log.append({ type: 'truncation.begun', facts });
    // None of them comes back from here on, so what is written of them stays true.
    const sealed = await Promise.all(
      part.map((one) => pool(() => sealOff(parts, workflow, batch, one, caller))),
    );
    const chosen = part.filter((_, index) => sealed[index] === 'condensed');
    const held = await writeCondensed(parts, batch, chosen, caller);
    await log.append({ type: 'truncation.chosen', facts: { ...facts, ...held } });
    await carryOut(parts, log);
    sum.truncated += held.streams;
    sum.events += held.events;
    sum.left += sealed.filter((standing) => standing === 'there').length;
  }
  return sum;
};
