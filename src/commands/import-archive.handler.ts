import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventLog } from '../ports/event-log.ts';
import type { Imported } from '../ports/retentions.ts';
import { EVENT_LOG, RETAINER } from '../ports/tokens.ts';
import type { Caller } from './caller.ts';
import { ImportArchive, type ImportedArchive } from './import-archive.ts';

/** Who brings back what was removed. */
interface BringingBack {
  bringBack(archive: string, caller: Caller): Promise<Imported>;
}

/** Brings back the executions of an archive; answers when the log says so of each. */
@CommandHandler(ImportArchive)
export class ImportArchiveHandler implements ICommandHandler<ImportArchive> {
  readonly #bringing: BringingBack;
  readonly #log: EventLog;

  constructor(@Inject(RETAINER) bringing: BringingBack, @Inject(EVENT_LOG) log: EventLog) {
    this.#bringing = bringing;
    this.#log = log;
  }

  async execute({ archive, caller }: ImportArchive): Promise<ImportedArchive> {
    const imported = await this.#bringing.bringBack(archive, caller);
    return { position: await this.#log.end(), ...imported };
  }
}
