import { stepOf } from '../state.ts';
import { ExpressionError, type Template, type WaitStep } from '../../definition/definition.ts';
import { parseDuration } from '../../duration.ts';
import { own, type Json } from '../../json.ts';
import { parseTime } from '../../time.ts';
import { scopeOf, type Turn } from '../turn.ts';
import { completeStep, failStep } from './settle.ts';
import { evaluate } from '../evaluate.ts';

/** Begins to wait; a signal that is there already ends the wait at once. */
export const beginWait = (turn: Turn, step: WaitStep): void => {
  const { workflow } = turn.state;
  const start = () =>
    turn.emit({
      type: 'step.started',
      facts: { workflow, step: step.name, activity: 'wait', attempt: 1, fallback: false },
    });
  if (step.on.kind === 'signal') {
    start();
    awaitSignal(turn, step, step.on.signal, step.on.timeout);
    return;
  }
  const { on } = step;
  const due = evaluate(() =>
    on.kind === 'for' ? turn.context.now + durationOf(turn, on.duration) : timeOf(turn, on.time),
  );
  if (!due.ok) {
    failStep(turn, step.name, due.error);
    return;
  }
  start();
  turn.emit({
    type: 'timer.scheduled',
    facts: { workflow, step: step.name, dueAt: due.value, purpose: 'wait' },
  });
};

const awaitSignal = (turn: Turn, step: WaitStep, signal: string, timeout: number | undefined): void => {
  const { workflow } = turn.state;
  turn.emit({ type: 'signal.awaited', facts: { workflow, step: step.name, signal } });
  const kept = own(turn.state.signals, signal)?.[0];
  if (kept !== undefined) {
    completeStep(turn, step.name, step.output, kept);
    return;
  }
  if (timeout === undefined) return;
  const dueAt = turn.context.now + timeout;
  turn.emit({ type: 'timer.scheduled', facts: { workflow, step: step.name, dueAt, purpose: 'timeout' } });
};

/** The time has come: the end of a wait completes the step, a time-out fails it. */
export const fireWait = (turn: Turn, step: WaitStep, dueAt: number): void => {
  const purpose = step.on.kind === 'signal' ? 'timeout' : 'wait';
  turn.emit({
    type: 'timer.fired',
    facts: { workflow: turn.state.workflow, step: step.name, dueAt, purpose },
  });
  if (step.on.kind !== 'signal') {
    completeStep(turn, step.name, step.output, null);
    return;
  }
  const message = `Expected the signal "${step.on.signal}" within ${step.on.timeout} ms, but it did not come.`;
  failStep(turn, step.name, {
    type: 'Timeout',
    message,
    details: { kind: 'signal', signal: step.on.signal },
  });
};

/** A signal came that the step may be waiting for. Answers whether it was. */
export const signalWait = (turn: Turn, step: WaitStep, signal: string, payload: Json): boolean => {
  if (stepOf(turn.state, step.name)?.signal !== signal) return false;
  turn.emit({
    type: 'signal.received',
    facts: { workflow: turn.state.workflow, signal, step: step.name },
    payload: { payload },
  });
  completeStep(turn, step.name, step.output, payload);
  return true;
};

const durationOf = (turn: Turn, duration: Template | number): number => {
  if (typeof duration === 'number') return duration;
  const value = duration.evaluate(scopeOf(turn));
  const parsed = typeof value === 'string' ? parseDuration(value) : undefined;
  if (parsed !== undefined) return parsed;
  throw unusable(duration, 'a duration such as "30s" or "PT30S"', value);
};

const timeOf = (turn: Turn, time: Template): number => {
  const value = time.evaluate(scopeOf(turn));
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
