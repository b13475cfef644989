import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { storyOf } from './stories.ts';

describe('document_approval', () => {
  const run = (...signals: readonly Json[]) =>
    storyOf('document_approval', { event: { document: 'plan.md', author: 'ada' }, signals });
  const verdict = (what: string) => ({ verdict: what, by: 'grace' });
  const decided = [
    'review[decision].await_decision completed',
    'review[reminders].remind_until_decided[0].give_time cancelled',
    'review[reminders].remind_until_decided cancelled',
    'review completed',
  ];

  it('publishes what is approved', async () => {
    expect(await run(verdict('approved'))).toMatchObject({
      status: 'completed',
      steps: [
        'check_document completed',
        ...decided,
        'by_verdict[0].publish_document completed',
        'by_verdict completed',
      ],
    });
  });

  it('goes back to the beginning with a revision', async () => {
    const { status, steps, variables } = await run(
      verdict('changes'),
      { document: 'plan-2.md' },
      verdict('approved'),
    );
    expect([status, variables['document']]).toEqual(['completed', 'plan-2.md']);
    expect(steps.filter((step) => step === 'check_document completed')).toHaveLength(2);
    expect(steps).toContain('by_verdict[1].await_revision completed');
  });

  it('reminds until somebody decides', async () => {
    const { steps, variables } = await run('time', 'time', verdict('approved'));
    expect(variables['reminders']).toBe(2);
    expect(steps).toContain('review[reminders].remind_until_decided[1].remind_reviewers completed');
  });

  it('fails when it is rejected, and the author is told', async () => {
    const { status, steps, error } = await run(verdict('rejected'));
    expect([status, error]).toEqual(['failed', 'Rejected']);
    expect(steps).toContain('by_verdict[else].tell_author completed');
  });

  it('fails when nobody decides, for all the reminders', async () => {
    const { status, error, variables } = await run();
    expect([status, error, variables['reminders']]).toEqual(['failed', 'Timeout', 13]);
  });
});
