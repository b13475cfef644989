import type { RecordedEvent } from '../../src/domain/event.ts';
import { expand } from '../../src/domain/truncation/condensed.ts';
import type { TruncationCondensed } from '../../src/domain/truncation/events.ts';
import { isFinal } from '../../src/domain/execution/lifecycle.ts';
import { entityOf, streamOf } from '../../src/domain/stream.ts';
import { condensedStream, TRUNCATIONS } from '../../src/domain/truncation/streams.ts';
import { stateOf } from './execution-of.ts';
import type { SimulatedLog } from './simulated-log.ts';

/** Positions of what is there in brief, of batches that count by now. */
const heldIn = (log: SimulatedLog): ReadonlySet<bigint> =>
  new Set(
    log
      .stream(TRUNCATIONS)
      .filter(({ type }) => type === 'truncation.chosen')
      .flatMap(({ facts }) => log.stream(condensedStream(facts['batch'] as number)))
      .flatMap(({ payload = '{}' }) =>
        expand((JSON.parse(payload) as TruncationCondensed['payload']).deflated),
      )
      .map(({ position }) => position),
  );

type Broken = (invariant: string, facts: object) => void;

/** Nothing is given up but what an execution was up to its removal, for good, and nothing that is not there in brief. */
const watchTruncations = (log: SimulatedLog, broken: Broken): void =>
  log.onTruncation((given) => {
    const last = given.at(-1);
    if (last === undefined) return;
    const { stream } = last;
    const types = log.stream(stream).map(({ type }) => type);
    const isUpToRemoval = last.revision + 1 <= types.length - 2;
    if (!isUpToRemoval || types.at(-2) !== 'execution.removed' || types.at(-1) !== 'execution.condensed')
      broken('nothing is given up that may be used again', { stream, before: last.revision + 1, types });
    const held = heldIn(log);
    const lost = given.filter(({ position }) => !held.has(position)).map(({ revision }) => revision);
    if (lost.length > 0) broken('what is given up is there in brief', { stream, lost });
  });

/** Nothing is removed whose parent or children go on. */
const watchRemovals = (log: SimulatedLog, broken: Broken): void => {
  const goesOn = (id: string): boolean => !isFinal(stateOf(log.stream(streamOf('execution', id))).status);
  log.onCommit(([event]) => {
    if (event?.type !== 'execution.removed') return;
    const id = entityOf(event.stream);
    const parent = log.stream(event.stream)[0]?.facts['parent'] as string | undefined;
    const isChild = ({ type, facts }: RecordedEvent): boolean =>
      type === 'execution.started' && facts['parent'] === id;
    const children = log.events.filter(isChild).map(({ stream }) => entityOf(stream));
    const open = [...children, ...(parent === undefined ? [] : [parent])].filter(goesOn);
    if (open.length > 0) broken('nothing is removed whose parent or children go on', { id, open });
  });
};

/** Holds to what must be true of removals, and of what is given up, while that happens. */
export const watchKeeping = (log: SimulatedLog, broken: Broken): void => {
  watchTruncations(log, broken);
  watchRemovals(log, broken);
};
