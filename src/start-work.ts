import type { Caller } from './commands/caller.ts';
import type { Definitions } from './commands/definitions.ts';
import { Rejection } from './domain/rejection.ts';
import type { Engine } from './engine/engine.ts';
import { activeExecutions, resumeAll, type ActiveExecution } from './engine/recovery.ts';
import type { Logger } from './ports/logger.ts';
import type { ReadModels } from './ports/read-models.ts';
import type { LiveCollections } from './projections/live-collections.ts';
import { readWorkflowFiles } from './workflow-files.ts';

const AT_START: Caller = {
  actor: { id: 'server', kind: 'operator', via: 'internal' },
  tenant: 'default',
  traceparent: undefined,
};

const MOST_WORKFLOWS = 100_000;

/** What work is started with; the views must have caught up with the log. */
export interface Work {
  readonly definitions: Definitions;
  readonly engine: Engine;
  readonly readModels: ReadModels;
  readonly collections: LiveCollections;
  readonly logger: Logger;
  /** Folder of definitions to be registered; none when there is none. */
  readonly folder: string | undefined;
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

/**
 * Brings definitions into memory and registers those of the folder.
 * Rejects with `INVALID_DEFINITION` and the file's name, and as the stores do.
 */
export const startWork = async (work: Work): Promise<void> => {
  const { definitions, readModels, collections, logger, folder } = work;
  const workflows = await readModels.find(await collections.of('workflows'), { limit: MOST_WORKFLOWS });
  const unreadable = await definitions.preload(workflows.map(({ key }) => key));
  for (const { workflow, error } of unreadable)
    logger.error({ workflow, err: error }, 'A workflow cannot be read; events do not start it.');
  if (folder !== undefined) await registerFolder(work, folder);
};

/** Takes up every execution that is active, or those that are meant. Rejects as the stores do. */
export const takeUp = async (
  { readModels, collections, engine, logger }: Work,
  meant?: (executionId: string) => boolean,
): Promise<void> => {
  const active = activeExecutions(readModels, await collections.of('executions'));
  const resumed = await resumeAll(meant === undefined ? active : those(active, meant), engine);
  if (resumed > 0) logger.info({ executions: resumed }, 'Took up the executions that were active.');
};

async function* those(
  pages: AsyncIterable<readonly ActiveExecution[]>,
  meant: (id: string) => boolean,
): AsyncGenerator<readonly ActiveExecution[]> {
  for await (const page of pages) yield page.filter(({ id }) => meant(id));
}
