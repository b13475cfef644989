import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Retentions, RetentionStatus } from '../ports/retentions.ts';
import { RETAINER } from '../ports/tokens.ts';
import { GetRetentions } from './retentions.ts';

/** Answers with what is kept how long, as the definitions say, and what was removed, as the log does. */
@QueryHandler(GetRetentions)
export class GetRetentionsHandler implements IQueryHandler<GetRetentions> {
  readonly #retentions: Retentions;

  constructor(@Inject(RETAINER) retentions: Retentions) {
    this.#retentions = retentions;
  }

  execute(): Promise<readonly RetentionStatus[]> {
    return this.#retentions.status();
  }
}
