import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { activeExecutions, resumeAll } from '../../src/engine/recovery.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { listed } from '../../src/projections/catalogue.ts';
import { executions } from '../../src/projections/executions.projection.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { temporaryReadModels } from '../adapters/sqlite/temporary-read-models.ts';
import { handClock } from '../spec/clock.ts';
import { openEngine, seen } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const never = () => new Promise<void>(() => undefined);
const timeout = (kind: string) => ({ error: { type: 'Timeout', details: { kind } } });
const RETRY = 'retry: { max_attempts: 9, backoff: { initial: 30s, multiplier: 1, jitter: 0 } }';
const STEP = `workflow: step\nactivities:\n  - name: work\n    timeout: { attempt: 8s, step: 10s }\n`;
const QUEUE = 'workflow: queue\nactivities:\n  - name: nobody\n    timeout: { queue: 10s }\n';
const RUN = 'workflow: run\ntimeout: 10s\nactivities:\n  - name: ask\n    wait: { signal: go }\n';
const ASK_LONG = RUN.replace('go }', 'go, timeout: 1h }').replace(': run', ': long');

const UNDO = `
workflow: undo
activities: [{ name: book }, { name: work }]
compensation: { timeout: 10s }
compensation_activities: { book: { activity: cancel } }
error_handling:
  activity_error: { retry: { max_attempts: 9, backoff: { initial: 30s }, non_retryable: [Refused] } }
  workflow_error: { strategy: compensate }
`;
const refuses = () => {
  throw Object.assign(new Error('no'), { type: 'Refused' });
};

describe('a limit', () => {
  it('of an undoing tells the call under way to end, and what is left is left', async () => {
    const signals: AbortSignal[] = [];
    const cancel = ({ signal }: { readonly signal: AbortSignal }) => {
      signals.push(signal);
      return never();
    };
    const activities = { book: () => 1, work: refuses, cancel };
    const log = await temporaryLog();
    const { start, end, clock, engine } = openEngine({ log, activities });
    const { id } = await start(UNDO);
    await seen(log, id, ({ type }) => type === 'step.compensating');
    clock.advance(10_000);
    const { types, events } = await end(id);
    expect(types.slice(-3)).toEqual(['timer.fired', 'step.compensation_failed', 'execution.failed']);
    expect(events.at(-1)?.facts).toMatchObject({ errorType: 'Refused', uncompensated: ['book'] });
    expect([signals.map(({ aborted }) => aborted), clock.due, engine.running]).toEqual([[true], [], 0]);
  });

  it('of a step tells the call under way to end, and no attempt follows', async () => {
    const log = await temporaryLog();
    const signals: AbortSignal[] = [];
    const work = ({ signal }: { readonly signal: AbortSignal }) => {
      signals.push(signal);
      return never();
    };
    const { start, end, clock, engine, errors } = openEngine({ log, activities: { work } });
    const { id } = await start(`${STEP}    ${RETRY.replace('30s', '1s')}\n`);
    const began = clock.now();
    clock.advance(8_000);
    await clock.armed(began + 9_000);
    expect(clock.due).toEqual([began + 9_000, began + 10_000]);
    clock.advance(1_000);
    await clock.armed(began + 17_000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    clock.advance(1_000);
    const { state, types } = await end(id);
    expect(state).toMatchObject({ status: 'failed', steps: { work: { attempt: 2, ...timeout('step') } } });
    expect(types.slice(-3)).toEqual(['timer.fired', 'step.failed', 'execution.failed']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect([clock.due, engine.running, errors]).toEqual([[], 0, []]);
  });

  it('of a queue is over where nobody serves the activity', async () => {
    const { start, end, clock } = openEngine({ log: await temporaryLog(), activities: {} });
    const { id } = await start(QUEUE);
    expect(clock.due).toEqual([clock.now() + 10_000]);
    clock.advance(10_000);
    expect((await end(id)).state).toMatchObject({ status: 'failed', steps: { nobody: timeout('queue') } });
    expect(clock.due).toEqual([]);
  });

  it('of a run is over, whatever it waits for, and is let go of when it ends before', async () => {
    const { start, end, clock, engine } = openEngine({ log: await temporaryLog(), activities: {} });
    const [late, early] = [await start(ASK_LONG), await start(RUN)];
    const began = clock.now();
    expect(clock.due).toEqual([10_000, 10_000, 3_600_000].map((ms) => began + ms));
    await engine.executions.handle(early.id, { type: 'signal', signal: 'go', payload: null });
    expect((await end(early.id)).state.status).toBe('completed');
    clock.advance(10_000);
    expect((await end(late.id)).state).toMatchObject({ status: 'failed' });
    expect(clock.due).toEqual([]);
  });
});

/** Views of executions that reach the end of a log. */
const foldedFrom = async (log: EventLog) => {
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  const projector = startProjector({
    log,
    readModels,
    projections: [listed(executions)],
    clock: systemClock(),
  });
  await projector.waitFor(await log.end(), ['executions'], 60_000);
  await projector.stop();
  return readModels;
};

describe('a server that takes up what another left', () => {
  const fails = () => {
    throw new Error('busy');
  };
  const activities = { work: fails, endless: { run: never, idempotent: true } };

  it.each([
    ['a step that waits for its next attempt', `${STEP}    ${RETRY}\n`, 'step.retry_scheduled', 'step'],
    ['a run that waits for a signal', RUN, 'signal.awaited', 'run'],
    ['a run that waits for a signal for longer', ASK_LONG, 'timer.scheduled', 'run'],
  ])('keeps to the limit of %s, and reads its stream when that comes', async (_, yaml, last, kind) => {
    const log = await temporaryLog();
    const parts = { log, clock: handClock(), ids: countingIds(), activities };
    const { clock } = parts;
    const first = openEngine(parts);
    const began = clock.now();
    const { id } = await first.start(yaml);
    await seen(log, id, ({ type }) => type === last);
    await first.engine.executions.settled();
    const drained = first.engine.drain(0);
    clock.advance(0);
    await drained;

    const { engine, end } = openEngine(parts);
    await resumeAll(activeExecutions(await foldedFrom(log), 'executions_1'), engine);
    expect([engine.executions.size, clock.due]).toEqual([0, [began + 10_000]]);
    clock.advance(10_000);
    // The summary does not say what it is that comes then: the stream does.
    await clock.armed(began + 10_000);
    clock.advance(0);
    const { events } = await end(id);
    expect(events.at(-1)).toMatchObject({ type: 'execution.failed', payload: timeout(kind) });
    expect(clock.due).toEqual([]);
  });

  it('keeps to the limit of an undoing that waits for its next attempt', async () => {
    const log = await temporaryLog();
    const parts = { log, clock: handClock(), ids: countingIds() };
    const undoing = { ...parts, activities: { book: () => 1, work: refuses, cancel: fails } };
    const { clock } = parts;
    const first = openEngine(undoing);
    const began = clock.now();
    const { id } = await first.start(UNDO);
    await seen(log, id, ({ type }) => type === 'step.retry_scheduled');
    await first.engine.executions.settled();
    const drained = first.engine.drain(0);
    clock.advance(0);
    await drained;

    const { engine, end } = openEngine(undoing);
    await resumeAll(activeExecutions(await foldedFrom(log), 'executions_1'), engine);
    expect([engine.executions.size, clock.due]).toEqual([0, [began + 10_000]]);
    clock.advance(10_000);
    await clock.armed(began + 10_000);
    clock.advance(0);
    expect((await end(id)).events.at(-1)?.facts).toMatchObject({ uncompensated: ['book'] });
    expect(clock.due).toEqual([]);
  });

  it('keeps to a limit that was reached while it was away, whatever was under way', async () => {
    const log = await temporaryLog();
    const parts = { log, clock: handClock(), ids: countingIds(), activities };
    const { clock } = parts;
    const first = openEngine(parts);
    const { id } = await first.start(`${STEP}    activity: endless\n`);
    const drained = first.engine.drain(0);
    clock.advance(0);
    await drained;
    clock.advance(60_000);

    const { engine, end } = openEngine(parts);
    await engine.resume(id);
    clock.advance(0);
    const { state, events } = await end(id);
    expect(state).toMatchObject({ status: 'failed', steps: { work: timeout('step') } });
    expect(events.filter(({ type }) => type === 'step.started')).toHaveLength(1);
  });
});
