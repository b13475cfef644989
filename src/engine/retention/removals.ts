import type { ChosenExecution, RetentionChosen, RetentionEvent } from '../../domain/retention/events.ts';
import { streamOf } from '../../domain/stream.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { readStream } from '../../ports/read-stream.ts';
import { happenedOf } from './fenced-stream.ts';

/** A batch of executions that was removed. */
export interface Removal {
  readonly facts: RetentionChosen['facts'];
  readonly executions: readonly ChosenExecution[];
}

/** So many events are read at a time: each that says which were removed is of hundreds. */
const FEW = 20;

/** The batches of a workflow that were removed, from that number on, in their order. Rejects as the log does. */
export async function* removalsFrom(
  log: Pick<EventLog, 'read'>,
  workflow: string,
  number: number,
): AsyncGenerator<Removal, undefined> {
  let chosen: Removal | undefined;
  for await (const page of readStream(log, streamOf('retention', workflow), undefined, FEW))
    for (const recorded of page) {
      if (recorded.type !== 'retention.chosen' && recorded.type !== 'retention.removed') continue;
      const event = happenedOf(recorded) as RetentionEvent;
      if (event.type === 'retention.chosen') chosen = { facts: event.facts, ...event.payload };
      else if (chosen !== undefined && chosen.facts.batch >= number) yield chosen;
    }
  return undefined;
}
