import { describe, expect, test } from 'vitest';
import { CALLER } from '../spec/engine.ts';
import { ANN, openCommands } from './commands.ts';
import { commitsOf } from './stored.ts';

const NOBODY = { ...CALLER, actor: { id: 'anonymous', kind: 'user', via: 'none' } } as const;

const open = async (assignees: string) => {
  const under = await openCommands();
  const { workflow } = await under.register(`
workflow: offer
activities:
  - name: sign
    approval: { assignees: ${assignees}, timeout: 1h }
`);
  const { executionId: id } = await under.startExecution(workflow);
  return { ...under, id };
};

describe('deciding what a step waits for', () => {
  test('is done in the name of who is known, whom the commit names too', async () => {
    const { id, decide, log, end } = await open(`"${ANN.actor.id}"`);
    expect(await decide(id, 'sign', 'approved', 'fine')).toEqual({ position: await log.end() });
    const { state } = await end(id);
    expect(state.steps['sign']?.output).toMatchObject({
      decision: 'approved',
      by: ANN.actor.id,
      comment: 'fine',
    });
    expect((await commitsOf(log, `execution-${id}`)).at(-1)?.metadata.actor).toEqual(ANN.actor);
  });

  test('is refused to who is known and not asked, also in another’s name', async () => {
    const { id, decide, store } = await open('bob');
    const refusal = { code: 'NOT_AN_ASSIGNEE' };
    await store.thenRefused(() => decide(id, 'sign', 'approved', '', undefined, ANN), refusal);
    await store.thenRefused(() => decide(id, 'sign', 'approved', '', 'bob', ANN), refusal);
  });

  test('is believed of whom nothing is known, and the commit says that nothing is', async () => {
    const { id, decide, store, log } = await open('bob');
    await store.thenRefused(() => decide(id, 'sign', 'approved', '', undefined, NOBODY), {
      code: 'NOT_AN_ASSIGNEE',
    });
    await decide(id, 'sign', 'rejected', '', 'bob', NOBODY);
    const decided = (await commitsOf(log, `execution-${id}`)).at(-1);
    expect(decided?.metadata.actor).toEqual(NOBODY.actor);
    expect(decided?.events[0]).toMatchObject({ payload: { by: 'bob' }, facts: { decision: 'rejected' } });
  });

  test('is refused where nobody is asked any more', async () => {
    const { id, decide, store, clock, end } = await open('bob');
    await store.thenRefused(() => decide(id, 'other', 'approved', '', 'bob', NOBODY), {
      code: 'APPROVAL_NOT_PENDING',
    });
    clock.advance(3_600_000);
    expect((await end(id)).types.slice(-4)).toEqual([
      'timer.fired',
      'approval.withdrawn',
      'step.failed',
      'execution.failed',
    ]);
    await store.thenRefused(() => decide(id, 'sign', 'approved', '', 'bob', NOBODY), {
      code: 'EXECUTION_ENDED',
    });
    await store.thenRefused(() => decide('nobody', 'sign', 'approved', '', 'bob', NOBODY), {
      code: 'EXECUTION_NOT_FOUND',
    });
  });
});
