import { describe, expect, test } from 'vitest';
import { DecideApproval } from '../../src/commands/decide-approval.ts';
import { DecideApprovalHandler } from '../../src/commands/decide-approval.handler.ts';
import { CALLER } from '../spec/engine.ts';
import { ANN, openCommands } from './commands.ts';
import { commitsOf } from './stored.ts';

const NOBODY = { ...CALLER, actor: { id: 'anonymous', kind: 'user', via: 'none' } } as const;

const open = async (assignees: string) => {
  const under = await openCommands();
  const { workflow } = await under.register(`
workflow: offer
activities:
  - name: note
    set: { variables: { noted: true } }
  - name: sign
    approval: { assignees: ${assignees}, timeout: 1h }
`);
  const { executionId: id } = await under.startExecution(workflow);
  return { ...under, id };
};

describe('deciding what a step waits for', () => {
  test('is done in the name of who is known, whom the commit names too', async () => {
    const { id, decide, log, end } = await open(`"${ANN.actor.id}"`);
    expect(await decide(id, 'sign', 'approved', 'fine')).toEqual({
      outcome: 'decided',
      executionId: id,
      workflow: 'offer',
      step: 'sign',
      status: 'completed',
      decision: 'approved',
      by: ANN.actor.id,
      changed: true,
      position: await log.end(),
    });
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

  test('is told to whoever says the same again, and stored once', async () => {
    const { id, decide, store, log } = await open('bob');
    await decide(id, 'sign', 'approved', '', 'bob', NOBODY);
    const position = await log.end();
    const again = await store.thenAddsNothing(() => decide(id, 'sign', 'approved', 'more', 'bob', NOBODY));
    expect(again).toMatchObject({ outcome: 'decided', by: 'bob', changed: false, position });
  });

  test('is told to whoever comes later, or says otherwise, with whose it was and when', async () => {
    const { id, decide, store, clock, log } = await open('[bob, eve]');
    const at = clock.now();
    await decide(id, 'sign', 'approved', 'a secret', 'bob', NOBODY);
    clock.advance(5_000);
    const expected = {
      outcome: 'already_decided',
      executionId: id,
      workflow: 'offer',
      step: 'sign',
      status: 'completed',
      decision: 'approved',
      by: 'bob',
      at,
      position: await log.end(),
    };
    for (const [by, decision] of [
      ['eve', 'approved'],
      ['eve', 'rejected'],
      ['bob', 'rejected'],
    ] as const)
      expect(await store.thenAddsNothing(() => decide(id, 'sign', decision, '', by, NOBODY))).toEqual(
        expected,
      );
  });

  test('is told to have come too late where a step was ended otherwise', async () => {
    const { id, decide, operate, store } = await open('bob');
    await operate(id, { type: 'skip_step', step: 'sign', reason: '' });
    expect(
      await store.thenAddsNothing(() => decide(id, 'sign', 'approved', '', 'bob', NOBODY)),
    ).toMatchObject({ outcome: 'withdrawn', executionId: id, step: 'sign', status: 'completed' });
  });

  test('is made where somebody is asked again between the refusal and the answer', async () => {
    const { id, clock, end, operate, engine } = await open('bob');
    clock.advance(3_600_000);
    await end(id);
    const { executions } = engine;
    const racing = new DecideApprovalHandler(
      {
        ...executions,
        reach: async (...which) => {
          await operate(id, { type: 'retry', reason: 'again' });
          return executions.reach(...which);
        },
      },
      clock,
    );
    const command = new DecideApproval(id, 'sign', 'approved', '', 'bob', NOBODY);
    expect(await racing.execute(command)).toMatchObject({ outcome: 'decided', changed: true });
  });

  test('is refused where nobody was ever asked, and too late where nobody is any more', async () => {
    const { id, decide, store, clock, end } = await open('bob');
    await store.thenRefused(() => decide(id, 'other', 'approved', '', 'bob', NOBODY), {
      code: 'APPROVAL_NOT_PENDING',
    });
    await store.thenRefused(() => decide(id, 'note', 'approved', '', 'bob', NOBODY), {
      code: 'APPROVAL_NOT_PENDING',
    });
    clock.advance(3_600_000);
    expect((await end(id)).types.slice(-4)).toEqual([
      'timer.fired',
      'approval.withdrawn',
      'step.failed',
      'execution.failed',
    ]);
    expect(
      await store.thenAddsNothing(() => decide(id, 'sign', 'approved', '', 'bob', NOBODY)),
    ).toMatchObject({ outcome: 'withdrawn', status: 'failed' });
    await store.thenRefused(() => decide(id, 'other', 'approved', '', 'bob', NOBODY), {
      code: 'EXECUTION_ENDED',
    });
    await store.thenRefused(() => decide('nobody', 'sign', 'approved', '', 'bob', NOBODY), {
      code: 'EXECUTION_NOT_FOUND',
    });
  });
});
