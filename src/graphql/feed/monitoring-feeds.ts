import type { QueryBus } from '@nestjs/cqrs';
import type { Clock } from '../../ports/clock.ts';
import type { ProjectionProgress, Projector } from '../../projections/projector.ts';
import { GetMonitoring, type Monitoring } from '../../queries/queries.ts';
import { createSource, type Source } from './source.ts';

const COUNTED: ReadonlySet<string> = new Set(['active', 'outcomes']);

/** Milliseconds between two answers, at least. */
const PAUSE = 200;

const same = (a: Monitoring, b: Monitoring | undefined): boolean =>
  b !== undefined &&
  (Object.keys(a) as (keyof Monitoring)[]).every(
    (field) => field === 'today' || field === 'position' || a[field] === b[field],
  ) &&
  a.today.from === b.today.from;

const concerns = (workflow: string | undefined, { name, changed }: ProjectionProgress): boolean =>
  COUNTED.has(name) &&
  (workflow === undefined ||
    changed === undefined ||
    changed.some((key) => key === workflow || key.startsWith(`${workflow}:`)));

/** Counters that are watched, for any number of clients. */
export class MonitoringFeeds {
  readonly #queries: QueryBus;
  readonly #projector: Projector;
  readonly #clock: Clock;
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
   * The counters now, and whenever they have changed. Changes that come while nobody pulls, or quickly, are one.
   * Rejects as the query does.
   */
  async open(workflow: string | undefined, timeZone: string): Promise<Source<Monitoring>> {
    const query = (): Promise<Monitoring> =>
      this.#queries.execute(new GetMonitoring(workflow, timeZone, undefined));
    const clock = this.#clock;
    let last: Monitoring | undefined;
    let next: Monitoring | undefined;
    const state = { changed: false, ended: false };
    let wake: () => void = () => undefined;

    const mark = (): void => {
      state.changed = true;
      wake();
    };
    const forget = this.#projector.onProgress((progress) => {
      if (progress.some((part) => concerns(workflow, part))) mark();
    });
    this.#watching += 1;

    const woken = async (): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    };

    /** Resolves at a time, or before it when it is woken. */
    const until = async (at: number): Promise<void> => {
      const timer = clock.schedule(at, () => wake());
      await woken();
      timer.cancel();
    };

    const pause = async (): Promise<void> => {
      const rest = { over: false };
      const timer = clock.after(PAUSE, () => {
        rest.over = true;
        wake();
      });
      while (!state.ended && !rest.over) await woken();
      timer.cancel();
    };

    const pull = async (): Promise<Monitoring | undefined> => {
      for (; !state.ended; next = await query()) {
        if (next !== undefined && !same(next, last)) {
          last = next;
          return next;
        }
        // What is today changes though nothing happens.
        const midnight = next?.today.to ?? 0;
        while (!state.ended && !state.changed && clock.now() < midnight) await until(midnight);
        await pause();
        state.changed = false;
      }
      return undefined;
    };

    const close = (): Promise<void> => {
      state.ended = true;
      forget();
      this.#watching -= 1;
      wake();
      return Promise.resolve();
    };

    try {
      next = await query();
    } catch (error) {
      await close();
      throw error;
    }
    return createSource(pull, close);
  }
}
