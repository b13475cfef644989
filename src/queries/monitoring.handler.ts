import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '../ports/clock.ts';
import type { StoredDocument } from '../ports/read-models.ts';
import { CLOCK, DEFINITIONS, TALLIES, VIEWS } from '../ports/tokens.ts';
import type { WorkflowLimits } from '../ports/workflow-limits.ts';
import type { ActiveDocument } from '../projections/active.projection.ts';
import { dayOf } from '../projections/day.ts';
import type { OutcomesDocument } from '../projections/outcomes.projection.ts';
import { sumOutcomes, type Window } from '../projections/sum-outcomes.ts';
import type { LogMoment } from './as-of/as-of.ts';
import type { Tallies } from './as-of/tallies.ts';
import { busiestOf, countActive } from './count-active.ts';
import { GetMonitoring, type Monitoring } from './queries.ts';
import type { Views } from './views.ts';

/** Active executions that a node is made for. */
const CAPACITY = 10_000;

const loadOf = (share: number): NonNullable<Monitoring['currentLoad']> => {
  if (share < 0.5) return 'low';
  return share < 0.8 ? 'medium' : 'high';
};

const latest = (...found: readonly (readonly StoredDocument<unknown>[])[]): bigint =>
  found.flat().reduce((most, { position }) => (position > most ? position : most), 0n);

/** What is counted: executions by status, and what became of them in a day. */
interface Counters {
  readonly active: readonly StoredDocument<ActiveDocument>[];
  readonly buckets: readonly StoredDocument<OutcomesDocument>[];
  readonly today: Window;
}

/** Answers with the counters of a workflow, or of all together. */
@QueryHandler(GetMonitoring)
export class GetMonitoringHandler implements IQueryHandler<GetMonitoring> {
  readonly #views: Views;
  readonly #clock: Clock;
  readonly #limits: WorkflowLimits;
  readonly #tallies: Tallies;

  constructor(
    @Inject(VIEWS) views: Views,
    @Inject(CLOCK) clock: Clock,
    @Inject(DEFINITIONS) limits: WorkflowLimits,
    @Inject(TALLIES) tallies: Tallies,
  ) {
    this.#views = views;
    this.#clock = clock;
    this.#limits = limits;
    this.#tallies = tallies;
  }

  async execute({ workflow, timeZone, waitFor, asOf }: GetMonitoring): Promise<Monitoring> {
    const today = dayOf(timeZone, this.#clock.now());
    await this.#views.reflect(waitFor, 'active', 'outcomes', 'workflows');
    if (workflow !== undefined) await this.#views.requireWorkflow(workflow);
    const { active, buckets, ...counted } =
      asOf === undefined
        ? await this.#countersOf(workflow, today)
        : await this.#countersAt(asOf, workflow, timeZone);
    const found = active.map(({ doc }) => doc);
    const activeByStatus = countActive(found);
    const goingOn = activeByStatus.running + activeByStatus.compensating + activeByStatus.paused;
    const activeWorkflows = goingOn + activeByStatus.queued;
    const sums = sumOutcomes(
      buckets.map(({ doc }) => doc),
      counted.today,
    );
    return {
      workflow,
      activeWorkflows,
      activeByStatus,
      busiest: busiestOf(found),
      completedToday: sums.completed,
      failedToday: sums.failed,
      cancelledToday: sums.cancelled,
      compensatedToday: sums.compensated,
      averageDuration: sums.completed === 0 ? undefined : sums.completedDuration / sums.completed,
      currentLoad:
        asOf !== undefined && workflow !== undefined
          ? undefined
          : this.#loadOf(workflow, goingOn, activeWorkflows),
      today: counted.today,
      position: latest(active, buckets),
    };
  }

  #loadOf(workflow: string | undefined, goingOn: number, activeWorkflows: number): Monitoring['currentLoad'] {
    const most = workflow === undefined ? undefined : this.#limits.mostAtOnce(workflow);
    return loadOf(most === undefined ? activeWorkflows / CAPACITY : goingOn / most);
  }

  async #countersOf(workflow: string | undefined, today: Window): Promise<Counters> {
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
    return { active, buckets, today };
  }

  async #countersAt(asOf: LogMoment, workflow: string | undefined, timeZone: string): Promise<Counters> {
    const { tally, day } = await this.#tallies.at(asOf, (at) => dayOf(timeZone, at));
    const isMeant = (doc: { readonly workflow: string }): boolean =>
      workflow === undefined || doc.workflow === workflow;
    return {
      active: [...tally.active.values()].filter(({ doc }) => isMeant(doc)),
      buckets: [...tally.outcomes.values()].filter(
        ({ doc }) => isMeant(doc) && doc.bucket >= day.from && doc.bucket < day.to,
      ),
      today: day,
    };
  }
}
