import { describe, expect, it } from 'vitest';
import { storyOf } from './stories.ts';

describe('newsletter', () => {
  it('goes to each of a thousand subscribers', async () => {
    const { status, steps, variables } = await storyOf('newsletter', { event: { issue: '42' } });
    expect(status).toBe('completed');
    expect(variables).toMatchObject({ delivered: 990, returned: 10 });
    const letters = steps.filter((step) => step.includes('.send_letter '));
    expect(letters.filter((step) => step.endsWith(' completed'))).toHaveLength(990);
    expect(letters.filter((step) => step.endsWith(' retry_scheduled'))).toHaveLength(10);
  });

  it('goes to few', async () => {
    const { variables } = await storyOf('newsletter', { event: { issue: '42', list: 'few' } });
    expect(variables).toMatchObject({ delivered: 5, returned: 0 });
  });
});
