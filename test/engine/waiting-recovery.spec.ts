import { expect, it, onTestFinished } from 'vitest';
import { activeExecutions, resumeAll } from '../../src/engine/recovery.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { executions } from '../../src/projections/executions.projection.ts';
import { listed } from '../../src/projections/catalogue.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { temporaryReadModels } from '../adapters/sqlite/temporary-read-models.ts';
import { handClock } from '../spec/clock.ts';
import { openEngine, seen } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const NAP = 'workflow: nap\nactivities:\n  - name: nap\n    wait: { for: 10s }\n';
const ASK = 'workflow: ask\nactivities:\n  - name: ask\n    wait: { signal: go }\n';
const ASK_BRIEFLY = 'workflow: briefly\nactivities:\n  - name: ask\n    wait: { signal: go, timeout: 20s }\n';
const TRY =
  'workflow: try\nactivities:\n  - name: work\n    retry: { max_attempts: 2, backoff: { initial: 30s, multiplier: 1, jitter: 0 } }\n';
const UNDO = `
workflow: undo
activities:
  - name: fine
  - name: fails
compensation: { strategy: reverse }
compensation_activities:
  fine: { activity: work }
error_handling:
  activity_error: { retry: { max_attempts: 2, backoff: { initial: 30s, jitter: 0 } } }
  workflow_error: { strategy: compensate }
`;
const WORK = 'workflow: work\nactivities:\n  - name: endless\n';

/** Views of executions that reach the end of a log. */
const foldedFrom = async (log: EventLog) => {
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  const clock = systemClock();
  const projector = startProjector({ log, readModels, projections: [listed(executions)], clock });
  await projector.waitFor(await log.end(), ['executions'], 60_000);
  await projector.stop();
  return readModels;
};

/** Counts how many streams are read. */
const counted = (log: EventLog): { readonly log: EventLog; readonly reads: string[] } => {
  const reads: string[] = [];
  return {
    reads,
    log: {
      ...log,
      read: (stream, options) => {
        reads.push(stream);
        return log.read(stream, options);
      },
    },
  };
};

const failOnce = () => {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls === 1) throw new Error('busy');
    return calls;
  };
};

/** A log that an engine was left behind by, with executions that wait for all there is to wait for. */
const leftBehind = async (yamls: readonly string[]) => {
  const log = await temporaryLog();
  const clock = handClock();
  const ids = countingIds();
  const work = failOnce();
  const endless = { run: () => new Promise<void>(() => undefined), idempotent: true };
  const fails = () => {
    throw Object.assign(new Error('no'), { retryable: false });
  };
  const parts = { clock, ids, activities: { work, endless, fine: () => null, fails } };
  const first = openEngine({ ...parts, log });
  const started: string[] = [];
  for (const yaml of yamls) started.push((await first.start(yaml)).id);
  const stop = async () => {
    await first.engine.executions.settled();
    const drained = first.engine.drain(0);
    clock.advance(0);
    await drained;
  };
  return { log, clock, parts, started, stop };
};

it('reads no stream of an execution that waits for a time or a signal', async () => {
  const { log, clock, parts, started, stop } = await leftBehind([NAP, ASK, ASK_BRIEFLY, NAP, TRY]);
  const began = clock.now();
  await clock.armed(began + 30_000);
  await stop();
  const readModels = await foldedFrom(log);

  const { log: watched, reads } = counted(log);
  const { engine, end, errors } = openEngine({ ...parts, log: watched });
  expect(await resumeAll(activeExecutions(readModels, 'executions_1'), engine)).toBe(5);
  expect(reads).toEqual([]);
  expect(engine.executions.size).toBe(0);
  expect(clock.due).toEqual([10_000, 10_000, 20_000, 30_000].map((ms) => began + ms));

  clock.advance(30_000);
  const [nap = '', ask = '', briefly = '', second = '', retried = ''] = started;
  expect((await end(nap)).state.status).toBe('completed');
  expect((await end(second)).state.status).toBe('completed');
  expect((await end(briefly)).state.steps['ask']).toMatchObject({ error: { type: 'Timeout' } });
  expect((await end(retried)).state.steps['work']).toMatchObject({ status: 'completed', attempt: 2 });
  await engine.executions.handle(ask, { type: 'signal', signal: 'go', payload: 'now' });
  expect((await end(ask)).state.status).toBe('completed');
  expect(errors).toEqual([]);
});

it('tries an undoing again when its time has come', async () => {
  const { log, clock, parts, started, stop } = await leftBehind([UNDO]);
  const began = clock.now();
  await clock.armed(began + 30_000);
  await stop();
  const readModels = await foldedFrom(log);

  const { log: watched, reads } = counted(log);
  const { engine, end } = openEngine({ ...parts, log: watched });
  await resumeAll(activeExecutions(readModels, 'executions_1'), engine);
  expect([reads, clock.due]).toEqual([[], [began + 30_000]]);
  clock.advance(30_000);
  expect((await end(started[0] ?? '')).state.status).toBe('compensated');
});

it('reads those that were at work, once each', async () => {
  const { log, clock, parts, started, stop } = await leftBehind([WORK, NAP, WORK]);
  await clock.armed(clock.now() + 10_000);
  await stop();
  const readModels = await foldedFrom(log);

  const { log: watched, reads } = counted(log);
  const { engine } = openEngine({ ...parts, log: watched });
  await resumeAll(activeExecutions(readModels, 'executions_1'), engine);
  const streams = [started[0], started[2]].map((id) => `execution-${id}`);
  expect(reads.filter((stream) => stream.startsWith('execution-')).toSorted()).toEqual(streams.toSorted());
});

it('says of a call that the process before had under way what is known of it', async () => {
  const { log, parts, started, stop } = await leftBehind([WORK]);
  await stop();
  const [id = ''] = started;
  const { engine } = openEngine({ ...parts, log });
  await engine.resume(id);
  const interrupted = await seen(log, id, ({ type }) => type === 'step.retry_scheduled');
  const message = 'The server stopped while the attempt was under way; how it ended is not known.';
  expect(interrupted.payload).toEqual({ error: { type: 'Interrupted', message } });
});

it('goes on by what the stream says when the summary was wrong about what it waits for', async () => {
  const { log, clock, parts, started, stop } = await leftBehind([NAP]);
  const began = clock.now();
  await stop();
  const [id = ''] = started;
  const { engine, end } = openEngine({ ...parts, log });
  engine.arm(id, 'rest', began + 1_000);
  expect(clock.due).toEqual([began + 1_000]);
  clock.advance(1_000);
  await clock.armed(began + 10_000);
  clock.advance(9_000);
  expect((await end(id)).state.status).toBe('completed');
});

it('lets go of what it was armed for when a signal comes first, and does not arm twice', async () => {
  const { log, clock, parts, started, stop } = await leftBehind([ASK_BRIEFLY]);
  const began = clock.now();
  await stop();
  const [id = ''] = started;
  const { engine, end } = openEngine({ ...parts, log });
  engine.arm(id, 'ask', began + 20_000);
  engine.arm(id, 'ask', began + 20_000);
  expect(clock.due).toEqual([began + 20_000]);
  await engine.executions.handle(id, { type: 'signal', signal: 'go', payload: null });
  expect(clock.due).toEqual([]);
  expect((await end(id)).state.status).toBe('completed');
});
