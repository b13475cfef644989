import { randomUUID } from 'node:crypto';
import { headAfter, NO_STREAM, seal, type SealedCommit, type StreamHead } from '../../src/domain/chain.ts';
import type { CommitMetadata, DomainEvent, RecordedEvent } from '../../src/domain/event.ts';
import type { EventFilter, EventLog, LogBatch } from '../../src/ports/event-log.ts';

/** A log for one test. It need not be empty: the suite looks at streams of its own. */
export interface OpenLog {
  readonly log: EventLog;
  /** Closes the log and opens what it wrote again. */
  reopen?(): Promise<EventLog>;
  close(): Promise<void>;
}

/** Opens a log for one test. */
export type Open = () => Promise<OpenLog>;

/** Any event, as `seal` takes it. */
export type AnyEvent = DomainEvent<string, object, unknown>;

/** A stream that nothing else uses. */
export const freshStream = (category = 'execution'): string => `${category}-${randomUUID()}`;

/** An event with facts of every kind. */
export const event = (type: string, payload?: unknown): AnyEvent => ({
  type,
  facts: { workflow: 'tickets', attempt: 1, ratio: 0.1, fallback: false, nothing: null, steps: ['a', 'b'] },
  ...(payload === undefined ? {} : { payload }),
});

/** Metadata of a command of its own. */
export const metadata = (more: Partial<CommitMetadata> = {}): CommitMetadata => ({
  $correlationId: randomUUID(),
  $causationId: randomUUID(),
  at: 1_763_942_400_123,
  actor: { id: 'agent-7', kind: 'user', via: 'jwt' },
  tenant: 'default',
  node: 'node-1',
  boot: '0198c0de-0000-7000-8000-000000000001',
  schema: 1,
  definition: 'sha256:abc',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ...more,
});

/** A commit of some events behind a head. */
export const commitOf = (
  stream: string,
  head: StreamHead,
  events: readonly AnyEvent[] | number = 1,
): SealedCommit =>
  seal(
    stream,
    head,
    typeof events === 'number'
      ? Array.from({ length: events }, (_, index) => event('step.completed', { output: index }))
      : events,
    metadata(),
  );

/** Appends commits of the given sizes to a stream, and answers them. */
export const fill = async (
  log: EventLog,
  stream: string,
  ...sizes: readonly (number | readonly AnyEvent[])[]
): Promise<readonly SealedCommit[]> => {
  const commits: SealedCommit[] = [];
  let head = NO_STREAM;
  for (const size of sizes) {
    const commit = commitOf(stream, head, size);
    await log.append(commit);
    commits.push(commit);
    head = headAfter(commit);
  }
  return commits;
};

/** Reads batches until the log has nothing more. */
export const upToNow = async (
  log: EventLog,
  after: bigint,
  filter: EventFilter = {},
  batch?: number,
): Promise<readonly LogBatch[]> => {
  const batches: LogBatch[] = [];
  const controller = new AbortController();
  const { signal } = controller;
  for await (const found of log.subscribe({
    after,
    filter,
    signal,
    ...(batch === undefined ? {} : { batch }),
  })) {
    batches.push(found);
    if (found.caughtUp) break;
  }
  return batches;
};

/** The events of batches. */
export const eventsOf = (batches: readonly LogBatch[]): readonly RecordedEvent[] =>
  batches.flatMap(({ events }) => events);

/** The revisions of events. */
export const revisions = (events: readonly RecordedEvent[]): readonly number[] =>
  events.map(({ revision }) => revision);
