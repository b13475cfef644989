import { isDeepStrictEqual } from 'node:util';
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
    Object.hasOwn(entries, step),
  );
  const ofSteps = stepsOf(history, 'step.completed').filter((step) => done.includes(step));
  const ordered = compensation.strategy === 'reverse' ? ofSteps.toReversed() : ofSteps;
  return [...ordered, ...(compensation.activities ?? []).map(({ name }) => name)];
};

/** Compensation undoes exactly the completed steps that have something to undo them, in their order, each to its end. */
export const checkCompensation = ({ broken }: World, histories: readonly History[]): void => {
  for (const history of histories) {
    const { id, events } = history;
    const plan = events.find(({ type }) => type === 'saga.compensating');
    if (plan === undefined) continue;
    const steps = expected(history);
    const begun = [...new Set(stepsOf(history, 'step.compensating', 'step.compensation_failed'))];
    const settled = stepsOf(history, 'step.compensated', 'step.compensation_failed');
    const failed = stepsOf(history, 'step.compensation_failed');
    const end = events.at(-1);
    const told = { id, steps, planned: plan.facts['steps'], begun, settled, end: end?.type };
    const isWhole = end?.type !== 'execution.cancelled';
    const isInOrder = isDeepStrictEqual(begun, steps.slice(0, begun.length));
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
