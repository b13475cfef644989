import type { ChosenExecution, RetentionChosen, RetentionEvent } from '../../domain/retention/events.ts';
import { streamOf } from '../../domain/stream.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { readStream } from '../../ports/read-stream.ts';
import { happenedOf } from './fenced-stream.ts';

type Reading = Pick<EventLog, 'head' | 'read'>;

/** A batch of executions that was removed. */
export interface Removal {
  readonly facts: RetentionChosen['facts'];
  readonly executions: readonly ChosenExecution[];
}

/** So many events are read at a time: each that says which were removed is of hundreds. */
const FEW = 4;

/** The first batch that something is said of from a revision on, and where; `undefined` when there is none. */
const batchFrom = async (
  log: Pick<EventLog, 'read'>,
  stream: string,
  from: number,
): Promise<{ readonly batch: number; readonly revision: number } | undefined> => {
  for (let next = from; ;) {
    const page = await log.read(stream, { from: next, limit: FEW });
    for (const { facts, revision } of page) {
      const { batch } = facts as { readonly batch?: number };
      if (batch !== undefined) return { batch, revision };
    }
    const last = page.at(-1);
    if (last === undefined) return undefined;
    next = last.revision + 1;
  }
};

/** Where a batch begins: they are numbered in their order, so few of those before it are looked at. */
const beginningOf = async (log: Reading, stream: string, number: number): Promise<number> => {
  let low = 0;
  let high = number <= 1 ? 0 : ((await log.head(stream))?.revision ?? -1) + 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = await batchFrom(log, stream, middle);
    if (found === undefined || found.batch >= number) high = middle;
    else low = found.revision + 1;
  }
  return low;
};

/** The batches of a workflow that were removed, from that number on, in their order. Rejects as the log does. */
export async function* removalsFrom(
  log: Reading,
  workflow: string,
  number: number,
): AsyncGenerator<Removal, undefined> {
  const stream = streamOf('retention', workflow);
  let chosen: Removal | undefined;
  for await (const page of readStream(log, stream, undefined, FEW, await beginningOf(log, stream, number)))
    for (const recorded of page) {
      if (recorded.type !== 'retention.chosen' && recorded.type !== 'retention.removed') continue;
      const event = happenedOf(recorded) as RetentionEvent;
      if (event.type === 'retention.chosen') chosen = { facts: event.facts, ...event.payload };
      else if (chosen !== undefined && chosen.facts.batch >= number) yield chosen;
    }
  return undefined;
}
