import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { VIEWS } from '../../ports/tokens.ts';
import type { Views } from '../views.ts';
import { countExecutions } from './count.ts';
import { CountExecutions, type ExecutionCount } from './queries.ts';

/** Answers with how many executions meet a filter. */
@QueryHandler(CountExecutions)
export class CountExecutionsHandler implements IQueryHandler<CountExecutions> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  execute(query: CountExecutions): Promise<ExecutionCount> {
    return countExecutions(this.#views, query);
  }
}
