import { isDeepStrictEqual } from 'node:util';
import type { QueryBus } from '@nestjs/cqrs';
import { START } from '../../ports/event-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { NodeStatus } from '../../ports/nodes.ts';
import type { ProjectionProgress, Projector } from '../../projections/projector.ts';
import { GetMetrics, type Measured, type Metrics } from '../../queries/metrics-queries.ts';
import { GetNodes } from '../../queries/queries.ts';
import type { Source } from './source.ts';
import { createTogether, keyOf } from './together.ts';
import { watch } from './watch.ts';

/** Measures, and up to where at least everything is in them. */
export interface MetricsNow {
  readonly cursor: bigint;
  readonly metrics: Metrics;
}

const MEASURED: ReadonlySet<string> = new Set(['durations', 'incidents']);

/** How long until what nothing tells of is looked at again, ms. */
const LOOK = 1_000;
const MINUTE = 60_000;

/** What is compared of measures: their throughput changes with the time alone. */
const comparedOf = ({ metrics }: MetricsNow): string => JSON.stringify({ ...metrics, throughput: 0 });

/** What is compared of nodes: a lease is renewed again and again. */
const withoutLease = (nodes: readonly NodeStatus[]) => nodes.map((node) => ({ ...node, leaseUntil: 0 }));

const concerns = (workflow: string, { name, changed }: ProjectionProgress): boolean =>
  MEASURED.has(name) && (changed === undefined || changed.some((key) => key.includes(workflow)));

/** Figures and nodes that are watched, for any number of clients: what they are now, with no history. */
export class FigureFeeds {
  readonly #queries: QueryBus;
  readonly #projector: Projector;
  readonly #clock: Clock;
  readonly #together = createTogether();

  constructor(queries: QueryBus, projector: Projector, clock: Clock) {
    this.#queries = queries;
    this.#projector = projector;
    this.#clock = clock;
  }

  /** The measures now, at a position or later, and whenever they have changed. Rejects as the query does. */
  metrics(of: Measured): Promise<Source<MetricsNow>> {
    const [projector, clock] = [this.#projector, this.#clock];
    return watch({
      clock,
      query: () => this.#together(keyOf('metrics', of), () => this.#measure(of)),
      same: (now, last) => comparedOf(now) === comparedOf(last),
      listen: (mark) =>
        projector.onProgress((progress) => {
          if (progress.some((part) => concerns(of.workflow, part))) mark();
        }),
      // A window that ends now moves on though nothing happens.
      changesAt: () => clock.now() + MINUTE,
    });
  }

  /** The nodes now, and whenever one has come, gone, or taken or given up something. */
  nodes(): Promise<Source<readonly NodeStatus[]>> {
    const clock = this.#clock;
    return watch({
      clock,
      query: () =>
        this.#together('nodes', (): Promise<readonly NodeStatus[]> => this.#queries.execute(new GetNodes())),
      same: (now, last) => isDeepStrictEqual(withoutLease(now), withoutLease(last)),
      listen: () => () => undefined,
      changesAt: () => clock.now() + LOOK,
    });
  }

  async #measure(of: Measured): Promise<MetricsNow> {
    const cursor = await this.#foldedUpTo(of.waitFor);
    return { cursor, metrics: await this.#queries.execute(new GetMetrics(of)) };
  }

  async #foldedUpTo(waited: bigint | undefined): Promise<bigint> {
    const all = (await this.#projector.status()).filter(({ name }) => MEASURED.has(name));
    const least = all.reduce(
      (so, { position }) => (position < so ? position : so),
      all[0]?.position ?? START,
    );
    // What was waited for is in them by the time that they are read.
    return waited !== undefined && waited > least ? waited : least;
  }
}
