import { isDeepStrictEqual } from 'node:util';
import { nameOf } from '../../src/domain/execution/path.ts';
import type { History } from './histories.ts';
import type { World } from './world.ts';

const stepsOf = (events: History['events'], ...types: readonly string[]): readonly string[] =>
  events
    .filter(({ type }) => types.includes(type))
    .map(({ facts }) => String(facts['step'] as string | undefined));

/** What has to be undone, by the definition and by what was done. */
const expected = ({ written, events }: Pick<History, 'written' | 'events'>): readonly string[] => {
  const { compensation, compensation_activities: entries } = written;
  const done = stepsOf(events, 'step.completed', 'variables.set').filter((step) =>
    Object.hasOwn(entries, nameOf(step)),
  );
  const ofSteps = stepsOf(events, 'step.completed').filter((step) => done.includes(step));
  const ordered = compensation.strategy === 'reverse' ? ofSteps.toReversed() : ofSteps;
  return [...ordered, ...(compensation.activities ?? []).map(({ name }) => name)];
};

/** What is called is what comes next, once all before it is settled. */
const callsInOrder = (events: History['events'], steps: readonly string[]): boolean => {
  let settled = 0;
  return events.every(({ type, facts }) => {
    const isNext = facts['step'] === steps[settled];
    if (type === 'step.compensated' || type === 'step.compensation_failed') settled += 1;
    return isNext || !type.startsWith('step.compens');
  });
};

/** A plan of what is to be undone, and what happened from then on up to its end. */
interface Undoing extends Pick<History, 'id'> {
  readonly planned: unknown;
  readonly events: History['events'];
}

const undoingsOf = ({ id, events }: History): readonly Undoing[] =>
  events.flatMap(({ type, facts }, at) => {
    if (type !== 'saga.compensating') return [];
    const behind = events.slice(at + 1);
    const next = behind.findIndex((event) => event.type === 'execution.retried');
    const ofThis = next < 0 ? behind : behind.slice(0, next);
    const named = ofThis
      .filter((event) => event.type === 'saga.continued')
      .map((event) => event.facts['steps']);
    return [{ id, planned: [facts['steps'], ...named].flat(), events: ofThis }];
  });

/** Where nothing is undone by itself, a failure lists what is to be, and nothing is before somebody says so. */
const checkAwaited = ({ broken }: World, { id, written, events }: History): void => {
  const isAwaiting =
    written.compensation.mode === 'manual' && written.error_handling.workflow_error.strategy === 'compensate';
  events.forEach(({ type, facts }, at) => {
    const before = events[at - 1];
    if (isAwaiting && type === 'saga.compensating' && facts['cause'] === undefined)
      if (before?.type !== 'execution.retried') broken('what is undone by hand is not undone before', { id });
    if (type !== 'execution.failed' || facts['from'] === 'compensating' || facts['step'] === '') return;
    const awaited = isAwaiting ? expected({ written, events: events.slice(0, at) }) : [];
    const isTold = isDeepStrictEqual(facts['uncompensated'], awaited);
    if (!isTold || (facts['awaits'] === 'compensation') !== awaited.length > 0)
      broken('a failure lists what is to be undone by hand', { id, awaited, facts });
  });
};

/** Compensation undoes exactly the completed steps that have something to undo them, in their order, each to its end. */
export const checkCompensation = (world: World, histories: readonly History[]): void => {
  const { broken } = world;
  for (const history of histories) {
    checkAwaited(world, history);
    let steps: readonly string[] | undefined;
    // What an undoing has left is undone by the next, when somebody retries it.
    for (const { id, planned, events } of undoingsOf(history)) {
      steps ??= expected(history);
      const settled = stepsOf(events, 'step.compensated', 'step.compensation_failed');
      const failed = stepsOf(events, 'step.compensation_failed');
      const end = events.findLast(({ type }) => !/^(variables\.|execution\.migrated)/.test(type));
      const told = { id, steps, planned, settled, end: end?.type };
      const isCut = events.some(({ facts }) => facts['purpose'] === 'compensation');
      const isWhole = end?.facts['terminated'] === undefined && !isCut;
      const isSettled = !isWhole || isDeepStrictEqual(settled, steps);
      if (!isDeepStrictEqual(planned, steps) || !callsInOrder(events, steps) || !isSettled)
        broken('compensation undoes what was done, in its order', told);
      const left = isWhole ? failed : [...failed, ...steps.slice(settled.length)];
      const isTold =
        isDeepStrictEqual(end?.facts['uncompensated'] ?? [], left) &&
        (end?.type === 'execution.cancelled' ||
          end?.type === (left.length === 0 ? 'saga.compensated' : 'execution.failed'));
      if (!isTold) broken('the end says what is left to undo', { ...told, left });
      steps = left;
    }
  }
};
