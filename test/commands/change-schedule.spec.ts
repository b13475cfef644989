import { describe, expect, test } from 'vitest';
import { ANN, openCommands } from './commands.ts';
import { commitsOf, metadataOf } from './stored.ts';

const TIDY =
  'workflow: tidy\ntrigger: { schedule: { cron: "* * * * *" } }\nactivities:\n  - name: rest\n    wait: { signal: go }\n';

describe('a schedule', () => {
  test('is paused and resumed, with who and why', async () => {
    const { register, schedule, log, clock } = await openCommands();
    await register(TIDY);
    expect(await schedule('tidy', 'pause')).toEqual({ position: await log.end() });
    clock.advance(90_000);
    expect(await schedule('tidy', 'resume')).toEqual({ position: await log.end() });
    const [paused, resumed] = await commitsOf(log, 'schedule-tidy');
    const facts = { workflow: 'tidy', until: 0, waiting: 0 };
    const payload = { reason: 'because' };
    expect(paused?.events).toEqual([{ type: 'schedule.paused', facts, payload }]);
    expect(resumed).toEqual({
      metadata: metadataOf(ANN, 'tidy', clock.now()),
      events: [{ type: 'schedule.resumed', facts: { ...facts, until: clock.now() }, payload }],
    });
  });

  test('is paused once, and resumed once', async () => {
    const { register, schedule, store } = await openCommands();
    await register(TIDY);
    await store.thenAddsNothing(() => schedule('tidy', 'resume'));
    const first = await schedule('tidy', 'pause');
    expect(await store.thenAddsNothing(() => schedule('tidy', 'pause'))).toEqual(first);
  });

  test('that there is none of is refused', async () => {
    const { register, schedule, store } = await openCommands();
    const refusal = {
      code: 'SCHEDULE_NOT_FOUND',
      message: 'Expected the name of a workflow that a schedule starts, but "tidy" is not started by one.',
      details: { field: 'workflow', found: 'tidy' },
    };
    await store.thenRefused(() => schedule('tidy', 'pause'), refusal);
    await register(TIDY.replace(/trigger.*\n/, ''));
    await store.thenRefused(() => schedule('tidy', 'pause'), refusal);
    await store.thenRefused(() => schedule('tidy', 'resume'), refusal);
  });

  test('that was paused can be resumed though nothing starts the workflow any more', async () => {
    const { register, schedule, change, log } = await openCommands();
    await register(TIDY);
    await schedule('tidy', 'pause');
    await change('tidy', 'retire');
    expect(await schedule('tidy', 'resume')).toEqual({ position: await log.end() });
    await expect(schedule('tidy', 'pause')).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
  });
});
