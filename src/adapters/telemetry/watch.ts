import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';
import type { ThreadStatus } from '../../ports/threads.ts';

/** How a view fares. */
interface WatchedView {
  readonly name: string;
  readonly state: string;
  /** Everything up to here is folded. */
  readonly position: bigint;
  /** Events looked at a second. */
  readonly rate: number;
  /** `null` when it is not known. */
  readonly lagSeconds: number | null;
  readonly lagEvents: number | null;
  /** Events that it passes over. */
  readonly parked: number;
  /** What went wrong last, until it goes on. */
  readonly lastError: { readonly code: string } | null;
}

/** What is looked at whenever somebody asks for figures. */
export interface Watched {
  views(): Promise<readonly WatchedView[]>;
  /** Executions that this node works on, and commands that it carries out. */
  busy(): number;
  threads(): readonly ThreadStatus[];
}

const STATES = ['running', 'catching_up', 'rebuilding', 'waiting', 'stopped'];

/** Shows how views are, how busy the node is, and what the process takes. */
export const watch = (meter: Meter, { views, busy, threads }: Watched): void => {
  const gauge = (name: string, description: string) =>
    meter.createObservableGauge(`sagalog.${name}`, { description });
  const lagSeconds = gauge('projection.lag_seconds', 'Age of what a projection has not folded yet.');
  const lagEvents = gauge('projection.events_behind', 'Events that a projection has not folded yet.');
  const position = gauge('projection.position', 'Position of the log up to which a projection is folded.');
  const rate = gauge(
    'projection.events_per_second',
    'Events that a projection looks at, over the last ten seconds.',
  );
  const parked = gauge(
    'projection.parked_events',
    'Events that a projection passes over: those that were parked.',
  );
  const lastError = gauge(
    'projection.last_error',
    'Whether something is wrong with a projection: 1 for the code of its error.',
  );
  const state = gauge('projection.state', 'Whether a projection is in a state: 1 for the one that it is in.');
  meter.addBatchObservableCallback(
    async (result) => {
      for (const view of await views()) {
        const labels = { projection: view.name };
        if (view.lagSeconds !== null) result.observe(lagSeconds, view.lagSeconds, labels);
        if (view.lagEvents !== null) result.observe(lagEvents, view.lagEvents, labels);
        result.observe(position, Number(view.position), labels);
        result.observe(rate, view.rate, labels);
        result.observe(parked, view.parked, labels);
        if (view.lastError !== null)
          result.observe(lastError, 1, { ...labels, code: view.lastError.code.toLowerCase() });
        for (const known of STATES)
          result.observe(state, known === view.state ? 1 : 0, { ...labels, state: known });
      }
    },
    [lagSeconds, lagEvents, position, rate, parked, lastError, state],
  );
  gauge('busy', 'Executions that are worked on and commands that are carried out.').addCallback((result) =>
    result.observe(busy()),
  );
  meter
    .createObservableCounter('sagalog.threads.ended', {
      description: 'Threads that have ended that were not to, or could not be started again.',
    })
    .addCallback((result) => {
      for (const { name, ends } of threads()) result.observe(ends, { thread: name });
    });
  gauge('thread.running', 'Whether a thread works: 0 from its end until it does again.').addCallback(
    (result) => {
      for (const { name, failure } of threads())
        result.observe(failure === undefined ? 1 : 0, { thread: name });
    },
  );
  gauge('process.memory_bytes', 'Resident memory of the process.').addCallback((result) =>
    result.observe(process.memoryUsage.rss()),
  );
  gauge('process.heap_bytes', 'Memory that the heap has in use.').addCallback((result) =>
    result.observe(process.memoryUsage().heapUsed),
  );
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  gauge(
    'process.event_loop.delay_seconds',
    'The longest wait for the event loop since somebody looked last.',
  ).addCallback((result) => {
    result.observe(Number.isFinite(delay.max) ? delay.max / 1e9 : 0);
    delay.reset();
  });
};
