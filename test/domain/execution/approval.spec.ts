import { describe, expect, test } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { completed, define, failed, given, start } from '../../spec/execution.ts';

const decided = (
  step: string,
  decision: 'approved' | 'rejected' = 'approved',
  by = 'ann',
): ExecutionCommand => ({ type: 'decide_approval', step, decision, by, comment: 'fine' });

const SIGN_OFF = define(`
workflow: offer
variables: { boss: bob }
activities:
  - name: sign_off
    approval: { assignees: [ann, "\${workflow.boss}"], timeout: 1h }
    output: { decision: "\${output.decision}" }
  - name: act
`);

describe('an approval', () => {
  test('asks those whom the definition names, until it is too late', () => {
    given(SIGN_OFF)
      .when(start(), { now: 5 })
      .thenEvents(
        {},
        { type: 'step.started', facts: { step: 'sign_off', activity: 'approval', attempt: 1 } },
        { type: 'approval.requested', facts: { assignees: ['ann', 'bob'], dueAt: 3_600_005 } },
        { type: 'timer.scheduled', facts: { dueAt: 3_600_005, purpose: 'timeout' } },
      );
  });

  test.each(['approved', 'rejected'] as const)(
    'completes when it is %s, saying by whom and when',
    (decision) => {
      given(SIGN_OFF)
        .after(start())
        .when(decided('sign_off', decision), { now: 60_000 })
        .thenEvents(
          {
            type: 'approval.decided',
            facts: { workflow: 'offer', step: 'sign_off', decision },
            payload: { by: 'ann', comment: 'fine' },
          },
          {
            type: 'step.completed',
            facts: { step: 'sign_off', duration: 60_000 },
            payload: {
              output: { decision, by: 'ann', comment: 'fine', at: '1970-01-01T00:01:00.000Z' },
              variables: { decision },
            },
          },
          { type: 'step.started', facts: { step: 'act' } },
        );
    },
  );

  test('is refused to who is not asked, without telling who is', () => {
    const asked = given(SIGN_OFF).after(start());
    asked.whenRefused(decided('sign_off', 'approved', 'eve'), 'NOT_AN_ASSIGNEE');
  });

  test('is refused where nobody is asked: not yet, not there, not any more', () => {
    const asked = given(SIGN_OFF).after(start());
    asked.whenRefused(decided('act'), 'APPROVAL_NOT_PENDING');
    asked.whenRefused(decided('constructor'), 'APPROVAL_NOT_PENDING');
    asked.after(decided('sign_off')).whenRefused(decided('sign_off'), 'APPROVAL_NOT_PENDING');
    given(SIGN_OFF).whenRefused(decided('sign_off'), 'EXECUTION_NOT_FOUND');
    asked.after({ type: 'cancel', reason: '' }).whenRefused(decided('sign_off'), 'EXECUTION_ENDED');
  });

  test('may be decided by everybody where nobody is named, and has no end where none is given', () => {
    const open = define('workflow: open\nactivities:\n  - name: look\n    approval: {}\n');
    const asked = given(open).after(start());
    given(open)
      .when(start())
      .thenEvents({}, {}, { type: 'approval.requested', facts: { assignees: [] } });
    asked
      .when(decided('look', 'rejected', 'anonymous'))
      .thenTypes('approval.decided', 'step.completed', 'execution.completed');
  });

  test('fails when nobody has decided in time', () => {
    given(SIGN_OFF)
      .after(start())
      .when({ type: 'fire_timer', step: 'sign_off', dueAt: 3_600_000 }, { now: 3_600_000 })
      .thenEvents(
        { type: 'timer.fired', facts: { purpose: 'timeout' } },
        { type: 'approval.withdrawn', facts: { step: 'sign_off', reason: 'timeout' } },
        {
          type: 'step.failed',
          facts: { errorType: 'Timeout', handled: 'stop' },
          payload: { error: { details: { kind: 'approval' } } },
        },
        { type: 'execution.failed' },
      );
  });

  test.each([
    ['skip', 'step.skipped'],
    ['remind', 'step.started'],
  ])('has a fallback for that: %s', (activity, type) => {
    const lenient = define(`
workflow: lenient
activities:
  - name: sign_off
    approval: { timeout: 1h }
    fallback: { activity: ${activity} }
`);
    const late = given(lenient)
      .after(start())
      .when({ type: 'fire_timer', step: 'sign_off', dueAt: 3_600_000 }, { now: 3_600_000 });
    expect(late.events.slice(0, 4).map((event) => event.type)).toEqual([
      'timer.fired',
      'approval.withdrawn',
      'step.failed',
      type,
    ]);
  });

  test.each([
    ['no name', '[]'],
    ['a number', '7'],
    ['an empty name', '[""]'],
    ['a name that is too long', `["${'x'.repeat(201)}"]`],
    ['names and others', '["ann", 7]'],
  ])('fails with assignees that are %s', (_, names) => {
    const odd = define(
      `workflow: odd\nactivities:\n  - name: look\n    approval: { assignees: "\${input}" }\n`,
    );
    given(odd)
      .when(start({ input: JSON.parse(names) as string }))
      .thenEvents({}, { type: 'step.failed', facts: { errorType: 'ExpressionError' } }, {});
  });

  test('is asked for once of each assignee that an expression gives', () => {
    const one = define(
      `workflow: one\nactivities:\n  - name: look\n    approval: { assignees: "\${input}" }\n`,
    );
    given(one)
      .when(start({ input: ['ann', 'ann', 'bob'] }))
      .thenEvents({}, {}, { facts: { assignees: ['ann', 'bob'] } });
    given(one)
      .when(start({ input: 'ann' }))
      .thenEvents({}, {}, { facts: { assignees: ['ann'] } });
  });

  test('fails when what it sets cannot be evaluated', () => {
    const odd = define(
      `workflow: odd\nactivities:\n  - name: look\n    approval: {}\n    output: { x: "\${output.nothing}" }\n`,
    );
    given(odd)
      .after(start())
      .when(decided('look'))
      .thenTypes('approval.decided', 'step.failed', 'execution.failed');
  });
});

describe('nobody is asked any more', () => {
  const race = define(`
workflow: race
activities:
  - name: answer
    parallel:
      join: first
      branches:
        boss: [{ name: sign_off, approval: { assignees: ann } }]
        machine: [{ name: compute }]
  - name: act
`);

  test('when another branch was first', () => {
    given(race)
      .after(start())
      .when(completed('answer[machine].compute'))
      .thenEvents(
        {},
        {},
        { type: 'approval.withdrawn', facts: { step: 'answer[boss].sign_off', reason: 'joined' } },
        { type: 'step.cancelled', facts: { step: 'answer[boss].sign_off' } },
        {},
        {},
        {},
      );
  });

  test('when another branch has failed', () => {
    given(race)
      .after(start())
      .when(failed('answer[machine].compute'))
      .thenTypes(
        'step.failed',
        'branch.failed',
        'approval.withdrawn',
        'step.cancelled',
        'branch.cancelled',
        'step.failed',
        'execution.failed',
      );
  });

  test('when the run is cancelled', () => {
    given(race)
      .after(start())
      .when({ type: 'cancel', reason: 'enough' })
      .thenEvents(
        { type: 'approval.withdrawn', facts: { reason: 'ended' } },
        { type: 'execution.cancelled' },
      );
  });

  test('when the run ends in another branch', () => {
    const ending = define(`
workflow: ending
activities:
  - name: answer
    parallel:
      branches:
        boss: [{ name: sign_off, approval: {} }]
        machine: [{ name: compute }, { name: done, end: true }]
`);
    given(ending)
      .after(start())
      .when(completed('answer[machine].compute'))
      .thenTypes('step.completed', 'approval.withdrawn', 'execution.completed');
  });
});

test('a step that asks again is told apart from when it asked before', () => {
  const again = define(`
workflow: again
activities:
  - name: sign_off
    approval: {}
    next: sign_off
`);
  given(again)
    .after(start())
    .when(decided('sign_off'))
    .thenEvents({}, {}, {}, { facts: { attempt: 2 } }, { type: 'approval.requested', facts: { attempt: 2 } });
});
