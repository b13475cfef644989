import { describe, expect, it } from 'vitest';
import { storyOf } from './stories.ts';
import type { Given } from './run.ts';

describe('document_approval', () => {
  const run = (...signals: NonNullable<Given['signals']>) =>
    storyOf('document_approval', { event: { document: 'plan.md', author: 'ada' }, signals });
  const verdict = (decision: 'approved' | 'rejected') => ({ decision, by: 'reviewers', comment: 'so be it' });

  it('publishes what is approved', async () => {
    expect(await run(verdict('approved'))).toMatchObject({
      status: 'completed',
      steps: [
        'check_document completed',
        'review[decision].decide completed',
        'review[reminders].remind_until_decided[0].give_time cancelled',
        'review[reminders].remind_until_decided cancelled',
        'review[revision].await_revision cancelled',
        'review completed',
        'by_verdict[0].publish_document completed',
        'by_verdict completed',
      ],
    });
  });

  it('is reviewed from the beginning when another version is handed in', async () => {
    const { status, steps, variables } = await run({ document: 'plan-2.md' }, verdict('approved'));
    expect([status, variables['document']]).toEqual(['completed', 'plan-2.md']);
    expect(steps.filter((step) => step === 'check_document completed')).toHaveLength(2);
    expect(steps.filter((step) => step.startsWith('review[decision].decide'))).toEqual([
      'review[decision].decide cancelled',
      'review[decision].decide completed',
    ]);
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
