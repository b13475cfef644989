import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { JsonObject } from '../domain/json.ts';
import { HISTORIES } from '../ports/tokens.ts';
import type { Histories } from './as-of/histories.ts';
import { GetVariables } from './history-queries.ts';

/** Answers with the variables that an execution had. */
@QueryHandler(GetVariables)
export class GetVariablesHandler implements IQueryHandler<GetVariables> {
  readonly #histories: Histories;

  constructor(@Inject(HISTORIES) histories: Histories) {
    this.#histories = histories;
  }

  execute({ executionId, revision }: GetVariables): Promise<JsonObject> {
    return this.#histories.variablesOf(executionId, revision);
  }
}
