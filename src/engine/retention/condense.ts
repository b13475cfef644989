import { headAfter, NO_STREAM, seal } from '../../domain/chain.ts';
import type { RecordedEvent } from '../../domain/event.ts';
import type { ExecutionCondensed } from '../../domain/execution/removal-events.ts';
import type { ChosenExecution } from '../../domain/retention/events.ts';
import { streamOf } from '../../domain/stream.ts';
import { condense } from '../../domain/truncation/condensed.ts';
import type { TruncationChosen, TruncationCondensed } from '../../domain/truncation/events.ts';
import { condensedStream } from '../../domain/truncation/streams.ts';
import { appendPatiently, appendWhole, whenAvailable } from '../../commands/append.ts';
import type { Caller } from '../../commands/caller.ts';
import { WrongExpectedRevision } from '../../ports/event-log.ts';
import { readStream } from '../../ports/read-stream.ts';
import type { RetentionParts } from './parts.ts';

/**
 * What the log says of an execution that was chosen to be removed: it was and nothing more, its stream is to be truncated or
 * was, it was removed once more by a later choice, or it is there: it is back since, or was never removed.
 */
export type Standing = 'removed' | 'condensed' | 'again' | 'there';

type LogParts = Pick<RetentionParts, 'log' | 'world' | 'envelopes' | 'over'>;

/** Whether a stream says from a revision on that its execution was removed. */
const isRemovedFrom = async (log: LogParts['log'], stream: string, from: number): Promise<boolean> => {
  for await (const page of readStream(log, stream, undefined, undefined, from))
    if (page.some(({ type }) => type === 'execution.removed')) return true;
  return false;
};

/** How a chosen execution stands. Rejects as the log does. */
export const standingOf = async (
  { log, world, over }: LogParts,
  { id, revision }: ChosenExecution,
): Promise<Standing> => {
  const read = () => log.read(streamOf('execution', id), { from: revision + 1, limit: 3 });
  const [removed, next, more] = await whenAvailable(world.clock, over, read);
  if (removed?.type === 'execution.removed' && removed.revision === revision + 1) {
    if (next === undefined) return 'removed';
    if (next.type === 'execution.condensed' && more === undefined) return 'condensed';
  }
  const later = () => isRemovedFrom(log, streamOf('execution', id), revision + 2);
  return (await whenAvailable(world.clock, over, later)) ? 'again' : 'there';
};

/**
 * Says of an execution that was removed that it does not come back any more, unless that is said already. Answers how it
 * stands then: `condensed` where that is so. Rejects as the log does.
 */
export const sealOff = async (
  parts: LogParts,
  workflow: string,
  batch: number,
  chosen: ChosenExecution,
  caller: Caller,
): Promise<Standing> => {
  const { log, world, envelopes, over } = parts;
  const { id, revision, tenant, definition } = chosen;
  const standing = await standingOf(parts, chosen);
  if (standing !== 'removed') return standing;
  const stream = streamOf('execution', id);
  const [removed] = await whenAvailable(world.clock, over, () =>
    log.read(stream, { from: revision + 1, limit: 1 }),
  );
  if (removed === undefined) return 'there';
  const event: ExecutionCondensed = {
    type: 'execution.condensed',
    facts: { workflow, batch, events: revision + 1 },
  };
  const head = { revision: removed.revision, hash: removed.commit.hash };
  const metadata = envelopes.open(id, caller, tenant, world.clock.now(), definition);
  try {
    await appendPatiently(log, world.clock, seal(stream, head, [event], metadata), over);
    return 'condensed';
  } catch (error) {
    if (error instanceof WrongExpectedRevision) return standingOf(parts, chosen);
    throw error;
  }
};

/** Events that are held in brief together; with so few a page is far below what any store takes. */
const MOST_EVENTS = 1_000;
const MOST_TEXT = 262_144;

/** The events of executions up to their removal, in the order of the log: of several all of them are held in memory. */
async function* eventsOf(
  { log }: LogParts,
  executions: readonly ChosenExecution[],
): AsyncGenerator<readonly RecordedEvent[]> {
  const [only] = executions;
  if (only !== undefined && executions.length === 1) {
    yield* readStream(log, streamOf('execution', only.id), only.revision);
    return;
  }
  const events: RecordedEvent[] = [];
  for (const { id, revision } of executions)
    for await (const page of readStream(log, streamOf('execution', id), revision))
      // Payloads are not kept, and may be large.
      for (const event of page) events.push({ ...event, payload: undefined });
  yield events.toSorted((a, b) => (a.position < b.position ? -1 : 1));
}

async function* pagesOf(
  runs: AsyncIterable<readonly RecordedEvent[]>,
): AsyncGenerator<readonly RecordedEvent[]> {
  let page: RecordedEvent[] = [];
  let text = 0;
  for await (const run of runs)
    for (const event of run) {
      page.push(event);
      text += JSON.stringify(event.facts).length;
      if (page.length < MOST_EVENTS && text < MOST_TEXT) continue;
      yield page;
      page = [];
      text = 0;
    }
  if (page.length > 0) yield page;
}

/** Writes what happened to executions in brief, in a stream of its own. Answers what is in it. Rejects as the log does. */
export const writeCondensed = async (
  parts: LogParts,
  batch: number,
  executions: readonly ChosenExecution[],
  caller: Caller,
): Promise<Pick<TruncationChosen['facts'], 'streams' | 'events' | 'from' | 'to'>> => {
  const { log, world, envelopes, over } = parts;
  const stream = condensedStream(batch);
  let head = NO_STREAM;
  let sum = { streams: executions.length, events: 0, from: '0', to: '0' };
  for await (const page of pagesOf(eventsOf(parts, executions))) {
    const positions = { from: String(page[0]?.position), to: String(page.at(-1)?.position) };
    const event: TruncationCondensed = {
      type: 'truncation.condensed',
      facts: { batch, ...positions, events: page.length },
      payload: { deflated: condense(page) },
    };
    const metadata = envelopes.open(String(batch), caller, caller.tenant, world.clock.now());
    const commit = seal(stream, head, [event], metadata);
    await appendWhole(log, world.clock, commit, over);
    head = headAfter(commit);
    const from = sum.events === 0 ? positions.from : sum.from;
    sum = { ...sum, events: sum.events + page.length, from, to: positions.to };
  }
  return sum;
};
