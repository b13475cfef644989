import type { StreamHead } from '../../domain/chain.ts';
import { checkArchive } from '../../domain/archive/verify.ts';
import { Rejection } from '../../domain/rejection.ts';
import { categoryOf, entityOf } from '../../domain/stream.ts';
import { ArchiveNotFound, ArchiveUnreadable, type Archives } from '../../ports/archives.ts';

/** An execution in an archive: where it ended there, and what somebody was told of it. */
export interface ArchivedExecution extends StreamHead {
  readonly id: string;
  /** Their ids. */
  readonly notifications: readonly string[];
}

/** What an archive holds. */
export interface KnownContents {
  readonly workflow: string;
  readonly executions: readonly ArchivedExecution[];
}

/** So many problems of an archive are told. */
const MOST_TOLD = 5;

const damaged = (name: string, problems: readonly string[]): Rejection =>
  new Rejection(
    'ARCHIVE_DAMAGED',
    `Expected ${name} to be as it was written, but it is not: ${problems.slice(0, MOST_TOLD).join(' ')}`,
    { field: 'archive', found: name, problems: problems.length },
  );

/**
 * What an archive holds, once all of it was found to be as it was written. Rejects with `ARCHIVE_NOT_FOUND`,
 * `ARCHIVE_DAMAGED`.
 */
export const readArchive = async (archives: Pick<Archives, 'read'>, name: string): Promise<KnownContents> => {
  const check = checkArchive();
  try {
    for await (const line of archives.read(name)) check.line(line);
  } catch (error) {
    if (error instanceof ArchiveNotFound)
      throw new Rejection('ARCHIVE_NOT_FOUND', error.message, { field: 'archive', found: name });
    throw error instanceof ArchiveUnreadable ? damaged(name, [error.message]) : error;
  }
  const { head, ends, problems } = check.verdict();
  if (head === undefined || problems.length > 0)
    throw damaged(
      name,
      problems.map(({ line, problem }) => `line ${line}: ${problem}`),
    );
  const executions: (StreamHead & { id: string; notifications: string[] })[] = [];
  // In the order of the archive: what tells of an execution stands behind it.
  for (const { stream, revision, hash } of ends) {
    const id = entityOf(stream);
    if (categoryOf(stream) === 'execution') executions.push({ id, revision, hash, notifications: [] });
    else executions.at(-1)?.notifications.push(id);
  }
  return { workflow: head.workflow, executions };
};
