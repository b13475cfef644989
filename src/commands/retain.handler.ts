import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventLog } from '../ports/event-log.ts';
import type { Retained } from '../ports/retentions.ts';
import { EVENT_LOG, RETAINER } from '../ports/tokens.ts';
import type { Caller } from './caller.ts';
import { RetainExecutions, type RetainedExecutions, type WhatToRetain } from './retain.ts';

/** Who removes what is kept no longer. */
interface Removing {
  retain(what: WhatToRetain, caller: Caller): Promise<readonly Retained[]>;
}

/** Removes what is kept no longer; answers when it is done. */
@CommandHandler(RetainExecutions)
export class RetainHandler implements ICommandHandler<RetainExecutions> {
  readonly #removing: Removing;
  readonly #log: EventLog;

  constructor(@Inject(RETAINER) removing: Removing, @Inject(EVENT_LOG) log: EventLog) {
    this.#removing = removing;
    this.#log = log;
  }

  async execute({ what, caller }: RetainExecutions): Promise<RetainedExecutions> {
    const workflows = await this.#removing.retain(what, caller);
    return { position: await this.#log.end(), workflows };
  }
}
