import { describe, expect, it } from 'vitest';
import { matches } from '../../src/domain/definition/trigger.ts';
import { definitionOf, storyOf } from './stories.ts';

describe('high_priority_ticket', () => {
  const ticket = (id: string) => ({
    ticket_id: id,
    priority: 'high',
    subject: 'Down',
    customer: 'ada@example.com',
  });
  const run = (id: string) => storyOf('high_priority_ticket', { event: ticket(id) });
  const done = [
    'notify_team completed',
    'assign_agent completed',
    'set_sla completed',
    'tell_customer completed',
  ];

  it('starts for high priority only', () => {
    const { trigger } = definitionOf('high_priority_ticket');
    expect(trigger && matches(trigger, ticket('T-1'))).toBe(true);
    expect(trigger && matches(trigger, { ...ticket('T-1'), priority: 'low' })).toBe(false);
  });

  it('succeeds for most tickets', async () => {
    expect(await run('T-1001')).toMatchObject({
      status: 'completed',
      steps: done,
      variables: { assigned_agent: 'A-405', due_in_minutes: 30 },
    });
  });

  it('needs a second try for tickets that end in 3', async () => {
    const [first, ...rest] = done;
    expect(await run('T-1003')).toMatchObject({
      status: 'completed',
      steps: [first, 'assign_agent retry_scheduled', ...rest],
    });
  });

  it.each([
    ['T-1005', ['notify_team failed']],
    ['T-1017', ['notify_team completed', 'assign_agent failed', 'notify_team compensated']],
    [
      'T-1028',
      [...done.slice(0, 2), 'set_sla failed', 'assign_agent compensated', 'notify_team compensated'],
    ],
    [
      'T-1039',
      [
        ...done.slice(0, 3),
        'tell_customer failed',
        'set_sla compensated',
        'assign_agent compensated',
        'notify_team compensated',
      ],
    ],
  ])('%s is undone in reverse', async (id, steps) => {
    expect(await run(id)).toMatchObject({ status: 'compensated', steps });
  });
});
