import { ReadModelsUnavailable } from '../../ports/read-models.ts';
import { saysCorrupt, sqliteCode } from './codes.ts';

/** The file cannot be what was written. Views can be rebuilt from the log, so it may be removed. */
export class ReadModelsCorrupt extends Error {
  readonly code = 'READ_MODELS_CORRUPT';

  constructor(file: string, problem: string, cause?: unknown) {
    super(
      `Expected ${file} to hold read models, but ${problem}. Nothing was changed: remove the file to have it built again from the log.`,
      { cause },
    );
    this.name = 'ReadModelsCorrupt';
  }
}

/** What to reject with for what was thrown while the file was used: SQLite's own errors become the port's. */
export const readModelsError = (file: string, error: unknown): unknown => {
  if (error instanceof SyntaxError) {
    return new ReadModelsCorrupt(file, `what documents are found by is no JSON (${error.message})`, error);
  }
  if (!(error instanceof Error) || sqliteCode(error) === 0) return error;
  if (saysCorrupt(error)) return new ReadModelsCorrupt(file, error.message, error);
  return new ReadModelsUnavailable(
    `Expected the read models ${file} to answer, but: ${error.message}.`,
    error,
  );
};
