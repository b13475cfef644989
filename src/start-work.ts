import type { Caller } from './commands/caller.ts';
import type { Definitions } from './commands/definitions.ts';
import { Rejection } from './domain/rejection.ts';
import type { Engine } from './engine/engine.ts';
import { activeExecutions, resumeAll, type ActiveExecution } from './engine/recovery.ts';
import type { EventLog } from './ports/event-log.ts';
import type { Logger } from './ports/logger.ts';
import type { ReadModels } from './ports/read-models.ts';
import type { LiveCollections } from './projections/live-collections.ts';
import { readWhole } from './read-whole.ts';
import { readWorkflowFiles } from './workflow-files.ts';

const AT_START: Caller = {
  actor: { id: 'server', kind: 'operator', via: 'internal' },
  tenant: 'default',
  traceparent: undefined,
};

const MOST_WORKFLOWS = 100_000;

/** What work is started with. */
export interface Work {
  readonly definitions: Definitions;
  readonly engine: Engine;
  readonly readModels: ReadModels;
  readonly collections: LiveCollections;
  readonly log: EventLog;
  /** Whether views say what is there; otherwise the log has to be read. */
  readonly isViewed: boolean;
  readonly logger: Logger;
  /** Folder of definitions to be registered; none when there is none. */
  readonly folder: string | undefined;
  /** Starts what accepted events did not come to start. Rejects as the stores do. */
  readonly settle: () => Promise<void>;
}

const registerFolder = async ({ definitions, logger }: Work, folder: string): Promise<void> => {
  for (const { path, source } of await readWorkflowFiles(folder)) {
    try {
      const { workflow, number, created, warnings } = await definitions.register(source, AT_START);
      for (const { line, message } of warnings) logger.warn({ path, line }, message);
      if (created) logger.info({ workflow, version: number, path }, 'Registered a workflow.');
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      throw new Rejection(error.code, `${path}: ${error.message}`, { ...error.details });
    }
  }
};

const namesOfWorkflows = async ({
  readModels,
  collections,
  log,
  isViewed,
}: Work): Promise<readonly string[]> => {
  if (!isViewed) return (await readWhole(log)).workflows;
  const found = await readModels.find(await collections.of('workflows'), { limit: MOST_WORKFLOWS });
  return found.map(({ key }) => key);
};

/**
 * Brings definitions into memory, starts what accepted events are still to start, and registers the folder's
 * definitions; from then on events find what they start.
 * Rejects with `INVALID_DEFINITION` and the file's name, and as the stores do.
 */
export const startWork = async (work: Work): Promise<void> => {
  const { definitions, logger, folder, settle } = work;
  const unreadable = await definitions.preload(await namesOfWorkflows(work));
  for (const { workflow, error } of unreadable)
    logger.error({ workflow, err: error }, 'A workflow cannot be read; events do not start it.');
  await settle();
  if (folder !== undefined) await registerFolder(work, folder);
  // Not before: an event that came first would be accepted for good, and start nothing of the folder.
  definitions.complete();
};

/** Takes up every execution that is active, or those that are meant. Rejects as the stores do. */
export const takeUp = async (work: Work, meant?: (executionId: string) => boolean): Promise<void> => {
  const { readModels, collections, log, isViewed, engine, logger } = work;
  const active = isViewed
    ? activeExecutions(readModels, await collections.of('executions'))
    : activeInLog(log);
  const resumed = await resumeAll(meant === undefined ? active : those(active, meant), engine);
  if (resumed > 0) logger.info({ executions: resumed }, 'Took up the executions that were active.');
};

async function* activeInLog(log: EventLog): AsyncGenerator<readonly ActiveExecution[]> {
  yield (await readWhole(log)).active.map((id) => ({ id, waits: undefined }));
}

async function* those(
  pages: AsyncIterable<readonly ActiveExecution[]>,
  meant: (id: string) => boolean,
): AsyncGenerator<readonly ActiveExecution[]> {
  for await (const page of pages) yield page.filter(({ id }) => meant(id));
}
