import type { RecordedEvent } from '../../src/domain/event.ts';
import { endsVisit } from './histories.ts';

const FATAL: readonly unknown[] = ['block', 'stop', 'compensate'];

/** Whether an event is where a retry of the run goes back to, unless another one follows. */
const isFatal = ({ type, facts }: RecordedEvent): boolean =>
  type === 'execution.rejected' ||
  (type === 'timer.fired' && facts['purpose'] === 'run') ||
  (type === 'step.failed' && facts['origin'] === undefined && FATAL.includes(facts['handled']));

/** Without the ends of visits that a retry takes up again. */
const takenUp = (events: readonly RecordedEvent[]): readonly RecordedEvent[] => {
  const from = events.findLastIndex(isFatal);
  const failed = events.findLast(({ type }) => type === 'execution.failed');
  // Of a run that could not give its output, all steps have come to their end.
  if (from < 0 || (failed?.facts['step'] === '' && events[from]?.type === 'step.failed')) return events;
  return events.filter((event, index) => index < from || !endsVisit(event));
};

/** What has happened to a step since a run last came to it: a retry of the run goes on with that. */
export const visitOf = (events: readonly RecordedEvent[], step: string): readonly RecordedEvent[] => {
  let known: readonly RecordedEvent[] = [];
  for (const event of events)
    known =
      event.type === 'execution.retried' && event.facts['compensates'] === undefined
        ? takenUp(known)
        : [...known, event];
  const ofStep = known.filter(({ facts }) => facts['step'] === step);
  return ofStep.slice(ofStep.findLastIndex(endsVisit) + 1);
};
