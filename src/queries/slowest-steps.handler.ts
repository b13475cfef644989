import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { BlockKind } from '../domain/execution/events.ts';
import type { Clock } from '../ports/clock.ts';
import { CLOCK, VIEWS } from '../ports/tokens.ts';
import { takenOf, windowOf } from './measured.ts';
import { GetSlowestSteps, type StepMetrics } from './metrics-queries.ts';
import { readSteps } from './read-figures.ts';
import type { Views } from './views.ts';

/** What takes as long as the steps in it, which are there themselves. */
const BLOCKS: ReadonlySet<string> = new Set<BlockKind>(['parallel', 'foreach', 'switch', 'while']);

/** Answers with the steps of a workflow that take the longest. */
@QueryHandler(GetSlowestSteps)
export class GetSlowestStepsHandler implements IQueryHandler<GetSlowestSteps> {
  readonly #views: Views;
  readonly #clock: Clock;

  constructor(@Inject(VIEWS) views: Views, @Inject(CLOCK) clock: Clock) {
    this.#views = views;
    this.#clock = clock;
  }

  async execute({ of, q, first }: GetSlowestSteps): Promise<readonly StepMetrics[]> {
    const window = windowOf(this.#clock.now(), of);
    const steps = await readSteps(this.#views, of, window, ({ activity }) => !BLOCKS.has(activity));
    const slow = (metrics: StepMetrics): number => metrics.executionTime.quantile(q) ?? 0;
    return steps
      .map((found): StepMetrics => ({ step: found.step, activity: found.activity, ...takenOf(found) }))
      .sort((one, other) => slow(other) - slow(one) || (one.step < other.step ? -1 : 1))
      .slice(0, first);
  }
}
