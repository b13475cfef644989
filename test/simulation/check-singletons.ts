import { startedIdOf, type EventEmitted } from '../../src/domain/emission.ts';
import { isEnd } from '../../src/domain/execution/lifecycle.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { categoryOf, entityOf, streamOf } from '../../src/domain/stream.ts';
import type { World } from './world.ts';

const isOfOther = (fired: RecordedEvent['facts'], skipped: RecordedEvent['facts']): boolean =>
  fired['execution'] === skipped['execution'] && fired['event'] !== skipped['event'];

/** Of what runs one at a time none is started before the one of its key has ended, and each event is decided about once. */
const checkStream = ({ log, broken }: World, events: readonly RecordedEvent[]): void => {
  const decided = new Set<unknown>();
  let running: string | undefined;
  for (const { type, facts, position, stream, revision } of events) {
    const told = { stream, revision, facts };
    if (decided.has(facts['event'])) broken('an event is decided about once', told);
    decided.add(facts['event']);
    if (type === 'trigger.skipped') {
      if (facts['running'] !== running) broken('what is skipped says which one runs', told);
      // Another event whose key gives the same one may have started it since.
      const isFired = events.some((other) => other.type === 'trigger.fired' && isOfOther(other.facts, facts));
      if (!isFired && log.stream(streamOf('execution', facts['execution'] as string)).length > 0)
        broken('what is skipped is not started', told);
      continue;
    }
    const before = running === undefined ? [] : log.stream(streamOf('execution', running));
    const hasEnded = before.some((event) => isEnd(event.type) && event.position < position);
    if (running !== undefined && !hasEnded) broken('one runs at a time', { ...told, running });
    running = facts['execution'] as string;
  }
};

/** Whether an event was decided not to start an execution. */
export const isSkipped = ({ log }: World, execution: string): boolean =>
  log.events.some(({ type, facts }) => type === 'trigger.skipped' && facts['execution'] === execution);

/** What runs one at a time does, and whoever emits is told so. */
export const checkSingletons = (world: World): void => {
  const { log, broken } = world;
  const decisions = log.events.filter(({ stream }) => categoryOf(stream) === 'trigger');
  for (const events of Map.groupBy(decisions, ({ stream }) => stream).values()) checkStream(world, events);
  const fired = new Set(decisions.map(({ facts }) => facts['execution']));
  for (const { type, facts, stream } of log.events) {
    if (type !== 'event.emitted') continue;
    for (const start of (facts as EventEmitted['facts']).starts ?? []) {
      const id = startedIdOf(start, entityOf(stream));
      const isShared = start.execution !== undefined;
      if (start.singleton !== undefined && !isShared && !fired.has(id))
        broken('what runs one at a time is decided about', { stream, start });
    }
  }
};
