import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ExecutionStatus } from '../../domain/execution/events.ts';
import type { StoredDocument } from '../../ports/read-models.ts';
import { VIEWS } from '../../ports/tokens.ts';
import type { ActiveDocument } from '../../projections/active.projection.ts';
import type { Views } from '../views.ts';
import { conditionsOf, type ExecutionsFilter } from './filter.ts';
import { gatherFew } from './gather.ts';
import { CountExecutions, type ExecutionCount } from './queries.ts';
import { withDefinition } from './version.ts';

const STATUSES: readonly ExecutionStatus[] = [
  'queued',
  'running',
  'compensating',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'compensated',
];

const counted = (
  counters: readonly StoredDocument<ActiveDocument>[],
  statuses: readonly ExecutionStatus[] = STATUSES,
): number =>
  counters.reduce(
    (total, { doc }) => [...new Set(statuses)].reduce((sum, status) => sum + doc[status], total),
    0,
  );

const isWanted = ([, value]: readonly [string, unknown]): boolean => value !== undefined;

/** Answers with how many executions meet a filter, and never counts them one by one. */
@QueryHandler(CountExecutions)
export class CountExecutionsHandler implements IQueryHandler<CountExecutions> {
  readonly #views: Views;

  constructor(@Inject(VIEWS) views: Views) {
    this.#views = views;
  }

  async execute({ filter, waitFor }: CountExecutions): Promise<ExecutionCount> {
    await this.#views.reflect(waitFor, 'executions', 'active', 'versions');
    const { workflow, status, ...others } = filter;
    const count = counted(await this.#counters(workflow), status);
    if (!Object.entries(others).some(isWanted)) return { count, isExact: true };
    const few = await this.#few(filter);
    return few === undefined ? { count, isExact: false } : { count: few, isExact: true };
  }

  async #counters(workflow: string | undefined): Promise<readonly StoredDocument<ActiveDocument>[]> {
    if (workflow === undefined) return this.#views.all<ActiveDocument>('active', {});
    const found = await this.#views.get<ActiveDocument>('active', workflow);
    return found === undefined ? [] : [found];
  }

  async #few(filter: ExecutionsFilter): Promise<number | undefined> {
    if (filter.errorText !== undefined || filter.triggeredByUser !== undefined) return undefined;
    const found = await gatherFew(this.#views, conditionsOf(await withDefinition(this.#views, filter)));
    return found?.length;
  }
}
