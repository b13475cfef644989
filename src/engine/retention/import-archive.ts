import { seal } from '../../domain/chain.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import type { ExecutionRemoved, ExecutionRestored } from '../../domain/execution/removal-events.ts';
import { Rejection } from '../../domain/rejection.ts';
import { streamOf } from '../../domain/stream.ts';
import { appendPatiently, whenAvailable } from '../../commands/append.ts';
import type { Caller } from '../../commands/caller.ts';
import { WrongExpectedRevision } from '../../ports/event-log.ts';
import type { Imported } from '../../ports/retentions.ts';
import { createPool } from '../pool.ts';
import type { RetentionParts } from './parts.ts';
import { readArchive, type ArchivedExecution } from './read-archive.ts';

const AT_ONCE = 16;
/** So many executions that stand in the way are told. */
const MOST_TOLD = 5;

/** How an execution of an archive stands in the log. */
type Standing =
  | { readonly of: ArchivedExecution; readonly is: 'removed'; readonly last: RecordedEvent }
  | { readonly of: ArchivedExecution; readonly is: 'there' }
  | { readonly of: ArchivedExecution; readonly is: 'truncated' }
  | { readonly of: ArchivedExecution; readonly is: 'another'; readonly found: string };

type ImportParts = Pick<RetentionParts, 'log' | 'world' | 'envelopes' | 'archives' | 'over'>;

const standingOf = async (
  { log, world, over }: ImportParts,
  archive: string,
  of: ArchivedExecution,
): Promise<Standing> => {
  const stream = streamOf('execution', of.id);
  const eventAt = async (from: number): Promise<RecordedEvent | undefined> =>
    (await whenAvailable(world.clock, over, () => log.read(stream, { from, limit: 1 })))[0];
  const head = await whenAvailable(world.clock, over, () => log.head(stream));
  if (head === undefined) return { of, is: 'another', found: 'is not in this log' };
  const last = await eventAt(head.revision);
  const archived = await eventAt(of.revision);
  // It stood there when it was archived, and came back and went on before its stream was given up.
  const isGone = archived !== undefined && archived.revision > of.revision + 1;
  if (isGone && last?.type === 'execution.condensed') return { of, is: 'truncated' };
  // What is left of a stream begins with its removal, which says the hash of what was before it.
  const hash = archived?.revision === of.revision + 1 ? archived.commit.previous : archived?.commit.hash;
  if (hash !== of.hash) return { of, is: 'another', found: 'is another one in this log' };
  if (last?.type === 'execution.condensed') return { of, is: 'truncated' };
  if (last?.type !== 'execution.removed') return { of, is: 'there' };
  const { archive: into } = last.facts as { readonly archive?: string };
  return into === archive
    ? { of, is: 'removed', last }
    : { of, is: 'another', found: `was removed into ${into ?? 'no archive'}` };
};

const conflict = (archive: string, standings: readonly Standing[]): Rejection => {
  const others = standings.flatMap((standing) =>
    standing.is === 'another' ? [`${standing.of.id} ${standing.found}`] : [],
  );
  return new Rejection(
    'ARCHIVE_CONFLICT',
    `Expected what ${archive} holds to have been removed into it, but ${others.slice(0, MOST_TOLD).join(', ')}.`,
    { field: 'archive', found: archive, conflicts: others.length },
  );
};

const truncated = (archive: string, standings: readonly Standing[]): Rejection => {
  const ids = standings.flatMap(({ is, of }) => (is === 'truncated' ? [of.id] : []));
  return new Rejection(
    'EXECUTION_TRUNCATED',
    `Expected the streams of what ${archive} holds to be as they were, but those of ${ids.slice(0, MOST_TOLD).join(', ')} were truncated: what they were stands in the archive alone.`,
    { field: 'archive', found: archive, conflicts: ids.length },
  );
};

/**
 * Brings back what an archive holds: says of each execution that it is there again. Nothing is when any of them is not
 * what was archived, and those that are there are left as they are, so that it can be done again. Rejects with
 * `ARCHIVE_NOT_FOUND`, `ARCHIVE_DAMAGED`, `ARCHIVE_CONFLICT`, `EXECUTION_TRUNCATED`, and as the log does.
 */
export const importArchive = async (
  parts: ImportParts,
  archive: string,
  caller: Caller,
): Promise<Imported> => {
  const { log, world, envelopes, over } = parts;
  const { workflow, executions } = await readArchive(parts.archives, archive);
  const pool = createPool(AT_ONCE);
  const standings = await Promise.all(
    executions.map((execution) => pool(() => standingOf(parts, archive, execution))),
  );
  if (standings.some(({ is }) => is === 'another')) throw conflict(archive, standings);
  if (standings.some(({ is }) => is === 'truncated')) throw truncated(archive, standings);

  const restore = async (standing: Standing): Promise<boolean> => {
    if (standing.is !== 'removed') return false;
    const { of, last } = standing;
    const { tenant, definition } = last.commit.metadata;
    const { status } = last.facts as ExecutionRemoved['facts'];
    const event: ExecutionRestored = {
      type: 'execution.restored',
      facts: { workflow, archive, status, notifications: of.notifications },
    };
    const metadata = envelopes.open(of.id, caller, tenant, world.clock.now(), definition);
    const head = { revision: last.revision, hash: last.commit.hash };
    try {
      const commit = seal(streamOf('execution', of.id), head, [event], metadata);
      await appendPatiently(log, world.clock, commit, over);
      return true;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      // Only its return can follow a removal, or that it has none.
      const now = await standingOf(parts, archive, of);
      if (now.is === 'truncated') throw truncated(archive, [now]);
      return false;
    }
  };
  const outcomes = await Promise.all(standings.map((standing) => pool(() => restore(standing))));
  const restored = outcomes.filter((isRestored) => isRestored).length;
  return { workflow, archive, restored, unchanged: outcomes.length - restored };
};
