import { isDeepStrictEqual } from 'node:util';
import type { QueryBus } from '@nestjs/cqrs';
import type { Clock } from '../../ports/clock.ts';
import type { ProjectionProgress, Projector } from '../../projections/projector.ts';
import { GetMonitoring, type Monitoring } from '../../queries/queries.ts';
import type { Source } from './source.ts';
import { createTogether, keyOf } from './together.ts';
import { watch } from './watch.ts';

const COUNTED: ReadonlySet<string> = new Set(['active', 'outcomes']);

const same = (a: Monitoring, b: Monitoring): boolean =>
  (Object.keys(a) as (keyof Monitoring)[]).every(
    (field) => field === 'today' || field === 'position' || isDeepStrictEqual(a[field], b[field]),
  ) && a.today.from === b.today.from;

/** Keys begin with the workflow, or with a tenant that it stands behind; something else may stand behind that. */
const isOf = (workflow: string, key: string): boolean => {
  const behind = key.slice(key.indexOf('/') + 1);
  return behind === workflow || behind.startsWith(`${workflow}:`);
};

const concerns = (workflow: string | undefined, { name, changed }: ProjectionProgress): boolean =>
  COUNTED.has(name) &&
  (workflow === undefined || changed === undefined || changed.some((key) => isOf(workflow, key)));

/** Counters that are watched, for any number of clients. */
export class MonitoringFeeds {
  readonly #queries: QueryBus;
  readonly #projector: Projector;
  readonly #clock: Clock;
  readonly #together = createTogether();
  #watching = 0;

  constructor(queries: QueryBus, projector: Projector, clock: Clock) {
    this.#queries = queries;
    this.#projector = projector;
    this.#clock = clock;
  }

  /** How many feeds are told of progress. */
  get watching(): number {
    return this.#watching;
  }

  /**
   * The counters now, at a position or later, and whenever they have changed. Changes that come while nobody pulls, or
   * quickly, are one. Rejects as the query does.
   */
  open(workflow: string | undefined, timeZone: string, after?: bigint): Promise<Source<Monitoring>> {
    return watch({
      clock: this.#clock,
      query: () =>
        this.#together(keyOf(workflow, timeZone, after), (): Promise<Monitoring> =>
          this.#queries.execute(new GetMonitoring(workflow, timeZone, after)),
        ),
      same,
      listen: (mark) => this.#listen(workflow, mark),
      // What is today changes though nothing happens.
      changesAt: (monitoring) => monitoring?.today.to ?? 0,
    });
  }

  #listen(workflow: string | undefined, mark: () => void): () => void {
    const forget = this.#projector.onProgress((progress) => {
      if (progress.some((part) => concerns(workflow, part))) mark();
    });
    this.#watching += 1;
    return () => {
      forget();
      this.#watching -= 1;
    };
  }
}
