import { startedIdOf, type PinnedStart } from '../../src/domain/emission.ts';
import { streamOf } from '../../src/domain/stream.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { History } from './histories.ts';
import type { World } from './world.ts';
import { isSkipped } from './check-singletons.ts';

const GOES_ON = ['retry', 'activity', 'skip'];

/** How often a run has come to a step to emit. */
const visitsOf = (events: readonly RecordedEvent[], step: unknown): number => {
  let visits = 0;
  let isOpen = false;
  for (const { type, facts } of events) {
    if (facts['step'] !== step) continue;
    if (type === 'step.started' && facts['activity'] === 'emit' && !isOpen) visits += 1;
    if (type === 'step.started') isOpen = true;
    if (type === 'step.completed' || type === 'step.cancelled' || type === 'step.skipped') isOpen = false;
    if (type === 'step.failed' && !GOES_ON.includes(facts['handled'] as string)) isOpen = false;
  }
  return visits;
};

/** How many of these may be started at once: those that wait for other events need not be. */
const isOf = (starts: readonly PinnedStart[], count: number): boolean =>
  count <= starts.length && count >= starts.filter(({ gather }) => gather === undefined).length;

/** Each visit of a step that emits records one event at most, and the one that it says it does. */
export const checkEmits = (world: World, histories: readonly History[]): void => {
  const { log, broken } = world;
  const emitted = log.events.filter(({ type, facts }) => type === 'event.emitted' && 'execution' in facts);
  for (const { id, events } of histories) {
    const mine = emitted.filter(({ facts }) => facts['execution'] === id);
    for (const step of new Set(mine.map(({ facts }) => facts['step']))) {
      const recorded = mine.filter(({ facts }) => facts['step'] === step).length;
      const visits = visitsOf(events, step);
      if (recorded > visits) broken('an emit is recorded once a visit', { id, step, recorded, visits });
    }
    for (const { type, facts, payload = '{}' } of events) {
      if (type !== 'step.completed' || facts['activity'] !== 'emit') continue;
      const { output } = JSON.parse(payload) as { output: { eventId: string; executions: string[] } };
      const [event] = log.stream(streamOf('event', output.eventId));
      const starts = ((event?.facts['starts'] ?? []) as readonly PinnedStart[]).filter(
        (start) => !isSkipped(world, startedIdOf(start, output.eventId)),
      );
      if (event?.facts['step'] !== facts['step'] || !isOf(starts, output.executions.length))
        broken('an emit that completed is recorded', { id, step: facts['step'], output });
    }
  }
};
