import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadActivities } from '../../src/activities/load-activities.ts';
import { createActivities } from '../../src/activities/registry.ts';
import type { Json } from '../../src/domain/json.ts';
import { attemptContext } from '../activities/context.ts';

const activities = createActivities(
  await loadActivities(fileURLToPath(new URL('../../examples', import.meta.url))),
);
const run = async (name: string, input: Json, attempt = 1) =>
  activities.find(name)?.run(attemptContext({ attempt }).context, input);
const ticket = (id: string) => ({
  ticket_id: id,
  subject: 'Down',
  customer: 'ada@example.com',
  agent_id: 'A-1',
});

describe('the activities of the examples', () => {
  it('are these', () => {
    expect(activities.names()).toEqual([
      'apologise',
      'assign_agent',
      'book_carrier',
      'charge_card',
      'check_document',
      'clear_sla',
      'confirm_order',
      'list_subscribers',
      'notify_team',
      'publish_document',
      'read_figures',
      'refund_card',
      'release_stock',
      'remind_reviewers',
      'reserve_stock',
      'send_letter',
      'send_report',
      'set_sla',
      'tell_author',
      'tell_customer',
      'unassign_agent',
      'void_invoice',
      'withdraw_notice',
      'write_invoice',
    ]);
  });

  it.each(['notify_team', 'assign_agent', 'set_sla', 'tell_customer'])(
    '%s works for most tickets',
    async (name) => {
      expect(await run(name, ticket('T-1001'))).toEqual(expect.any(Object));
    },
  );

  it.each([
    ['notify_team', 'T-1005', { type: 'ChannelArchived', retryable: false }],
    ['assign_agent', 'T-1003', { name: 'RosterBusy' }],
    ['assign_agent', 'T-1017', { name: 'NoAgentFree' }],
    ['set_sla', 'T-1028', { name: 'SlaRejected' }],
    ['tell_customer', 'T-1039', { name: 'MailboxGone' }],
  ])('%s fails for %s', async (name, id, error) => {
    await expect(run(name, ticket(id))).rejects.toMatchObject(error);
  });

  it('assign_agent succeeds at the second try', async () => {
    expect(await run('assign_agent', ticket('T-1003'), 2)).toEqual({ success: true, agent_id: 'A-407' });
  });

  it('what undoes a step works', async () => {
    expect(await run('withdraw_notice', { message_id: 'M-1' })).toEqual({ withdrawn: 'M-1' });
    expect(await run('unassign_agent', ticket('T-1'))).toEqual({ freed: 'A-1' });
    expect(await run('clear_sla', ticket('T-1'))).toEqual({ cleared: 'T-1' });
  });
});
