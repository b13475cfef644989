import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventLog } from '../ports/event-log.ts';
import type { Truncated } from '../ports/retentions.ts';
import { EVENT_LOG, RETAINER } from '../ports/tokens.ts';
import type { Caller } from './caller.ts';
import { TruncateStreams, type TruncatedStreams, type WhatToTruncate } from './truncate-streams.ts';

/** Who gives up streams. */
interface Truncating {
  truncate(what: WhatToTruncate, caller: Caller): Promise<readonly Truncated[]>;
}

/** Gives up the streams of what was removed; answers when it is done. */
@CommandHandler(TruncateStreams)
export class TruncateStreamsHandler implements ICommandHandler<TruncateStreams> {
  readonly #truncating: Truncating;
  readonly #log: EventLog;

  constructor(@Inject(RETAINER) truncating: Truncating, @Inject(EVENT_LOG) log: EventLog) {
    this.#truncating = truncating;
    this.#log = log;
  }

  async execute({ what, caller }: TruncateStreams): Promise<TruncatedStreams> {
    const workflows = await this.#truncating.truncate(what, caller);
    return { position: await this.#log.end(), workflows };
  }
}
