import type { ServiceError } from '@grpc/grpc-js';
import type { Expected, ProposedEvent } from './event.ts';
import { notLeader, unavailable } from './grpc-errors.ts';
import type { Node } from './node.ts';
import { appendEvents, type Outcome } from './write-events.ts';

/** An append that arrived complete. */
export interface Append {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly ProposedEvent[];
}

/** How an append can end; exactly one of these is called, or none for ever. */
export interface Endings {
  /** Answers it, also when it is late. */
  answer(outcome: Outcome): void;
  /** Ends the whole call. */
  fail(error: ServiceError): void;
  /** It is never answered. */
  hang(): void;
  /** Ends the call as if all were well; absent when the call cannot end like that. */
  endQuietly?(): void;
  /** The connection that it came by. */
  readonly peer: string;
}

/** Writes the append and ends it, or lets go wrong what was told to. */
export const serveAppend = (node: Node, { stream, expected, events }: Append, endings: Endings): void => {
  const { counters, faults } = node;
  const write = (): Outcome => {
    const outcome = appendEvents(node.log, stream, expected, events);
    if (outcome.kind === 'done' && outcome.wrote) counters.appendsWritten++;
    return outcome;
  };

  counters.appendsSeen++;
  node.bell.ring();
  if (faults.refuses()) return endings.fail(unavailable());
  const elsewhere = faults.take('notLeader');
  if (elsewhere) return endings.fail(notLeader(elsewhere.host ?? node.host, node.port()));
  if (faults.take('dropBeforeWrite')) return node.cut(endings.peer);
  const quiet = endings.endQuietly && faults.take('endBatchQuietly');
  if (quiet) {
    if (quiet.write) write();
    return endings.endQuietly?.();
  }
  const hang = faults.take('hangAppend');
  if (hang) {
    if (hang.write) write();
    return endings.hang();
  }

  const outcome = write();
  if (faults.take('dropAfterWrite')) return node.cut(endings.peer);
  const late = faults.take('answerLate');
  if (late) setTimeout(() => endings.answer(outcome), late.ms);
  else endings.answer(outcome);
};
