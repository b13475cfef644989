import { maxAttempts, type History } from './histories.ts';
import { isIdempotent } from './outside.ts';
import type { World } from './world.ts';

/** No effect of a step that may be tried once happens twice. */
export const checkEffects = ({ outside, broken }: World, histories: readonly History[]): void => {
  const written = new Map(histories.map((history) => [history.id, history.written]));
  const retried = new Map(
    histories.map(({ id, events }) => [id, events.filter(({ type }) => type === 'execution.retried').length]),
  );
  const seen = new Map<string, number>();
  for (const called of outside.calls) {
    const { id, step, activity, idempotencyKey, compensation, effect } = called;
    const definition = written.get(id);
    if (definition === undefined) broken('only what is in the log is called', called);
    else if (!effect || compensation || isIdempotent(activity) || maxAttempts(definition, step) > 1) continue;
    const key = `${idempotencyKey} ${activity}`;
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    // An operator may want it once more.
    if (times > 1 + (retried.get(id) ?? 0)) broken('no effect of an at-most-once step happens twice', called);
  }
};
