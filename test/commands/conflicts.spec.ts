import { describe, expect, test } from 'vitest';
import { handClock } from '../spec/clock.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCommands, WAITING } from './commands.ts';
import { commitsOf } from './stored.ts';

/** Two processes that write to one log, neither told of the other. */
const openTwo = async (yaml = WAITING) => {
  const log = await temporaryLog();
  const clock = handClock();
  const here = await openCommands({ log, clock, ids: countingIds(0.5, 1) });
  const there = await openCommands({ log, ids: countingIds(0.5, 2) });
  const { workflow } = await here.register(yaml);
  const { executionId: id } = await here.startExecution(workflow);
  await there.engine.executions.resume(id);
  return { log, here, there, id };
};

describe('a command that finds that another process was first', () => {
  test('is decided again on what the log says, and stored behind it', async () => {
    const { log, here, there, id } = await openTwo();
    await there.signal(id, 'kept', 'there');
    expect(await here.signal(id, 'kept', 'here')).toEqual({ position: await log.end() });
    const commits = await commitsOf(log, `execution-${id}`);
    expect(commits.slice(1).map(({ events }) => events)).toMatchObject([
      [{ payload: { payload: 'there' } }],
      [{ payload: { payload: 'here' } }],
    ]);
    const live = await here.engine.executions.load(id);
    expect(live?.state.signals).toEqual({ kept: ['there', 'here'] });
    const read = await (await openCommands({ log })).engine.executions.load(id);
    const { state, head, position } = live ?? {};
    expect(read).toMatchObject({ state, head, position, tenant: 'default' });
  });

  test('follows from what the log says, not from what was known', async () => {
    const { here, there, id } = await openTwo(`
workflow: twice
activities:
  - name: first
    wait: { signal: go }
  - name: second
    wait: { signal: go }
`);
    await there.signal(id, 'go', 'there');
    await here.signal(id, 'go', 'here');
    const ended = await here.end(id);
    expect(ended.state).toMatchObject({
      status: 'completed',
      steps: { first: { output: 'there' }, second: { output: 'here' } },
    });
  });

  test('is refused when nothing can be done any more', async () => {
    const { here, there, id } = await openTwo();
    await there.signal(id, 'go');
    await here.store.thenRefused(() => here.cancel(id), {
      code: 'EXECUTION_ENDED',
      details: { found: 'completed' },
    });
    expect(here.engine.executions.size).toBe(0);
  });

  test('adds nothing when it is done already', async () => {
    const { here, there, id } = await openTwo(
      'workflow: nap\nactivities: [{ name: nap, wait: { for: 10s } }]',
    );
    const command = { type: 'fire_timer', step: 'nap', dueAt: here.clock.now() + 10_000 } as const;
    const first = await there.engine.executions.handle(id, command);
    expect(first.events).toHaveLength(3);
    const { events, execution } = await here.store.thenAddsNothing(() =>
      here.engine.executions.handle(id, command),
    );
    expect(events).toEqual([]);
    expect([execution.state, execution.position]).toEqual([first.execution.state, first.execution.position]);
  });

  test('goes on with what the other began: its timer is set here too', async () => {
    const { here, there, id } = await openTwo(`
workflow: rests
activities:
  - name: first
    wait: { signal: go }
  - name: nap
    wait: { for: 10s }
`);
    await there.signal(id, 'go');
    expect(here.clock.due).toEqual([]);
    await here.signal(id, 'other');
    expect(here.clock.due).toEqual([here.clock.now() + 10_000]);
    here.clock.advance(10_000);
    expect((await here.end(id)).state.status).toBe('completed');
  });

  test('that has nothing left to do here sets the timer of what comes next', async () => {
    const { here, there, id } = await openTwo(`
workflow: naps
activities:
  - name: first
    wait: { for: 10s }
  - name: second
    wait: { for: 20s }
`);
    const now = here.clock.now();
    await there.engine.resume(id);
    there.clock.advance(10_000);
    await there.engine.executions.settled();
    here.clock.advance(10_000);
    await here.engine.executions.settled();
    expect(here.clock.due).toEqual([now + 30_000]);
    expect(await commitsOf(here.log, `execution-${id}`)).toHaveLength(2);
  });

  test('loses none, however many come at once from both', async () => {
    const { log, here, there, id } = await openTwo();
    const sent = Array.from({ length: 20 }, (_, n) => n);
    await Promise.all(sent.map((n) => (n % 2 === 0 ? here : there).signal(id, 'kept', n)));
    const commits = await commitsOf(log, `execution-${id}`);
    expect(commits).toHaveLength(21);
    const live = await (await openCommands({ log })).engine.executions.load(id);
    const kept = live?.state.signals['kept'] ?? [];
    expect([...kept].sort((a, b) => Number(a) - Number(b))).toEqual(sent);
    expect(kept.filter((n) => Number(n) % 2 === 0)).toEqual(sent.filter((n) => n % 2 === 0));
  });

  test('is made in the order in which it was asked for', async () => {
    const { here, id } = await openTwo();
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((text) => here.signal(id, 'kept', text)));
    const positions = answers.map(({ position }) => position);
    expect(positions).toEqual(positions.toSorted((a, b) => Number(a - b)));
    expect((await here.engine.executions.load(id))?.state.signals).toEqual({ kept: ['a', 'b', 'c', 'd'] });
  });
});
