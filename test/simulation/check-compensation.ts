import { isDeepStrictEqual } from 'node:util';
import { nameOf } from '../../src/domain/execution/path.ts';
import type { History } from './histories.ts';
import type { World } from './world.ts';

const stepsOf = ({ events }: History, ...types: readonly string[]): readonly string[] =>
  events
    .filter(({ type }) => types.includes(type))
    .map(({ facts }) => String(facts['step'] as string | undefined));

/** What has to be undone, by the definition and by what was done. */
const expected = (history: History): readonly string[] => {
  const { compensation, compensation_activities: entries } = history.written;
  const done = stepsOf(history, 'step.completed', 'variables.set').filter((step) =>
    Object.hasOwn(entries, nameOf(step)),
  );
  const ofSteps = stepsOf(history, 'step.completed').filter((step) => done.includes(step));
  const ordered = compensation.strategy === 'reverse' ? ofSteps.toReversed() : ofSteps;
  return [...ordered, ...(compensation.activities ?? []).map(({ name }) => name)];
};

/** What is called is what comes next, once all before it is settled. */
const callsInOrder = ({ events }: History, steps: readonly string[]): boolean => {
  let settled = 0;
  return events.every(({ type, facts }) => {
    const isNext = facts['step'] === steps[settled];
    if (type === 'step.compensated' || type === 'step.compensation_failed') settled += 1;
    return isNext || !type.startsWith('step.compens');
  });
};

/** Compensation undoes exactly the completed steps that have something to undo them, in their order, each to its end. */
export const checkCompensation = ({ broken }: World, histories: readonly History[]): void => {
  for (const history of histories) {
    const { id, events } = history;
    const plan = events.find(({ type }) => type === 'saga.compensating');
    if (plan === undefined) continue;
    const steps = expected(history);
    const settled = stepsOf(history, 'step.compensated', 'step.compensation_failed');
    const failed = stepsOf(history, 'step.compensation_failed');
    const end = events.at(-1);
    const told = { id, steps, planned: plan.facts['steps'], settled, end: end?.type };
    const isWhole = end?.type !== 'execution.cancelled';
    const isInOrder = callsInOrder(history, steps);
    const isSettled = !isWhole || isDeepStrictEqual(settled, steps);
    if (!isDeepStrictEqual(plan.facts['steps'], steps) || !isInOrder || !isSettled)
      broken('compensation undoes what was done, in its order', told);
    const isTold =
      !isWhole ||
      (failed.length === 0
        ? end?.type === 'saga.compensated'
        : isDeepStrictEqual(end?.facts['uncompensated'], failed));
    if (!isTold) broken('the end says what is left to undo', { ...told, failed });
  }
};
