import { Command } from '@nestjs/cqrs';
import type { Imported } from '../ports/retentions.ts';
import type { Caller } from './caller.ts';
import type { Accepted } from './commands.ts';

/** What came of it. */
export interface ImportedArchive extends Accepted, Imported {}

/**
 * Brings back the executions of an archive, by its name. Rejects with `ARCHIVE_NOT_FOUND`, `ARCHIVE_DAMAGED`,
 * `ARCHIVE_CONFLICT`.
 */
export class ImportArchive extends Command<ImportedArchive> {
  readonly archive: string;
  readonly caller: Caller;

  constructor(archive: string, caller: Caller) {
    super();
    this.archive = archive;
    this.caller = caller;
  }
}
