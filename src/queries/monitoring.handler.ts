import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '../ports/clock.ts';
import type { StoredDocument } from '../ports/read-models.ts';
import { CLOCK, DEFINITIONS, VIEWS } from '../ports/tokens.ts';
import type { WorkflowLimits } from '../ports/workflow-limits.ts';
import type { ActiveDocument } from '../projections/active.projection.ts';
import { dayOf } from '../projections/day.ts';
import type { OutcomesDocument } from '../projections/outcomes.projection.ts';
import { sumOutcomes } from '../projections/sum-outcomes.ts';
import { busiestOf, countActive } from './count-active.ts';
import { GetMonitoring, type Monitoring } from './queries.ts';
import type { Views } from './views.ts';

/** Active executions that a node is made for. */
const CAPACITY = 10_000;

const loadOf = (share: number): Monitoring['currentLoad'] => {
  if (share < 0.5) return 'low';
  return share < 0.8 ? 'medium' : 'high';
};

const latest = (...found: readonly (readonly StoredDocument<unknown>[])[]): bigint =>
  found.flat().reduce((most, { position }) => (position > most ? position : most), 0n);

/** Answers with the counters of a workflow, or of all together. */
@QueryHandler(GetMonitoring)
export class GetMonitoringHandler implements IQueryHandler<GetMonitoring> {
  readonly #views: Views;
  readonly #clock: Clock;
  readonly #limits: WorkflowLimits;

  constructor(
    @Inject(VIEWS) views: Views,
    @Inject(CLOCK) clock: Clock,
    @Inject(DEFINITIONS) limits: WorkflowLimits,
  ) {
    this.#views = views;
    this.#clock = clock;
    this.#limits = limits;
  }

  async execute({ workflow, timeZone, waitFor }: GetMonitoring): Promise<Monitoring> {
    const today = dayOf(timeZone, this.#clock.now());
    await this.#views.reflect(waitFor, 'active', 'outcomes', 'workflows');
    if (workflow !== undefined) await this.#views.requireWorkflow(workflow);
    const where = workflow === undefined ? [] : [{ field: 'workflow', op: 'eq', value: workflow } as const];
    const [active, buckets] = await Promise.all([
      this.#views.all<ActiveDocument>('active', { where }),
      this.#views.all<OutcomesDocument>('outcomes', {
        where: [
          ...where,
          { field: 'bucket', op: 'gte', value: today.from },
          { field: 'bucket', op: 'lt', value: today.to },
        ],
        orderBy: [{ field: 'bucket', direction: 'asc' }],
      }),
    ]);
    const counted = active.map(({ doc }) => doc);
    const activeByStatus = countActive(counted);
    const goingOn = activeByStatus.running + activeByStatus.compensating + activeByStatus.paused;
    const activeWorkflows = goingOn + activeByStatus.queued;
    const most = workflow === undefined ? undefined : this.#limits.mostAtOnce(workflow);
    const sums = sumOutcomes(
      buckets.map(({ doc }) => doc),
      today,
    );
    return {
      workflow,
      activeWorkflows,
      activeByStatus,
      busiest: busiestOf(counted),
      completedToday: sums.completed,
      failedToday: sums.failed,
      cancelledToday: sums.cancelled,
      compensatedToday: sums.compensated,
      averageDuration: sums.completed === 0 ? undefined : sums.completedDuration / sums.completed,
      currentLoad: loadOf(most === undefined ? activeWorkflows / CAPACITY : goingOn / most),
      today,
      position: latest(active, buckets),
    };
  }
}
