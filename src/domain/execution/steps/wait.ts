import { ExpressionError, type Template, type WaitStep } from '../../definition/definition.ts';
import { parseDuration } from '../../duration.ts';
import { own, type Json } from '../../json.ts';
import { parseTime } from '../../time.ts';
import { evaluate } from '../evaluate.ts';
import { scopeOf } from '../scope.ts';
import { completeStep, failStep } from '../settle.ts';
import type { Spot } from '../spot.ts';
import type { Turn } from '../turn.ts';
import { inTime, startWaiting, waitFacts } from '../wait-facts.ts';

/** Begins to wait; a signal that is there already ends the wait at once. */
export const beginWait = (turn: Turn, spot: Spot<WaitStep>): void => {
  const { step, path, branch } = spot;
  const { on } = step;
  if (on.kind === 'signal') {
    startWaiting(turn, spot, 'wait');
    awaitSignal(turn, spot, on.signal, on.timeout);
    return;
  }
  const due = evaluate(() =>
    on.kind === 'for'
      ? turn.context.now + durationOf(turn, branch, on.duration)
      : timeOf(turn, branch, on.time),
  );
  if (!due.ok) {
    failStep(turn, path, due.error);
    return;
  }
  startWaiting(turn, spot, 'wait');
  turn.emit({
    type: 'timer.scheduled',
    facts: { ...waitFacts(turn, path), dueAt: due.value, purpose: 'wait' },
  });
};

const awaitSignal = (turn: Turn, spot: Spot<WaitStep>, signal: string, timeout: number | undefined): void => {
  const { path } = spot;
  turn.emit({ type: 'signal.awaited', facts: { ...waitFacts(turn, path), signal } });
  const kept = own(turn.state.signals, signal)?.[0];
  if (kept !== undefined) {
    completeStep(turn, spot, kept);
    return;
  }
  if (timeout === undefined) return;
  const dueAt = turn.context.now + timeout;
  turn.emit({ type: 'timer.scheduled', facts: { ...waitFacts(turn, path), dueAt, purpose: 'timeout' } });
};

/** The time has come: the end of a wait completes the step, a time-out fails it. */
export const fireWait = (turn: Turn, spot: Spot<WaitStep>, dueAt: number): void => {
  const { step, path } = spot;
  const purpose = step.on.kind === 'signal' ? 'timeout' : 'wait';
  turn.emit({ type: 'timer.fired', facts: { ...waitFacts(turn, path), dueAt, purpose } });
  if (step.on.kind !== 'signal') {
    completeStep(turn, spot, null);
    return;
  }
  const message = `Expected the signal "${step.on.signal}" ${inTime(step.on.timeout)}, but it did not come.`;
  failStep(turn, path, {
    type: 'Timeout',
    message,
    details: { kind: 'signal', signal: step.on.signal },
  });
};

/** The signal came that the step waits for. */
export const signalWait = (turn: Turn, spot: Spot, signal: string, payload: Json): void => {
  turn.emit({
    type: 'signal.received',
    facts: { workflow: turn.state.workflow, signal, step: spot.path },
    payload: { payload },
  });
  completeStep(turn, spot, payload);
};

const durationOf = (turn: Turn, branch: string, duration: Template | number): number => {
  if (typeof duration === 'number') return duration;
  const value = duration.evaluate(scopeOf(turn, branch));
  const parsed = typeof value === 'string' ? parseDuration(value) : undefined;
  if (parsed !== undefined) return parsed;
  throw unusable(duration, 'a duration such as "30s" or "PT30S"', value);
};

const timeOf = (turn: Turn, branch: string, time: Template): number => {
  const value = time.evaluate(scopeOf(turn, branch));
  const parsed = typeof value === 'string' ? parseTime(value) : undefined;
  if (parsed !== undefined) return parsed;
  throw unusable(time, 'a time such as "2026-01-31T09:00:00Z"', value);
};

const unusable = (template: Template, expected: string, found: Json): ExpressionError =>
  new ExpressionError(
    JSON.stringify(template.source),
    '',
    `Expected ${expected}, but found ${JSON.stringify(found)}.`,
  );
