import { describe, expect, it } from 'vitest';
import { definitionOf, storyOf } from './stories.ts';

describe('daily_report', () => {
  const run = (day: string) => storyOf('daily_report', { input: { day } });

  it('asks for a day', () => {
    const { checkInput } = definitionOf('daily_report');
    expect(checkInput({ day: '2026-01-12' })).toEqual([]);
    expect(checkInput({ day: 'today' })).toHaveLength(1);
  });

  it('is made of the figures of all regions, and sent in the morning', async () => {
    const { status, steps, variables } = await run('2026-01-12');
    expect(status).toBe('completed');
    expect(variables['report']).toEqual({
      title: 'Sales of 2026-01-12',
      regions: ['north', 'east', 'south', 'west'].map((region) => ({ region, sold: region.length * 12 })),
      note: 'complete',
    });
    expect(steps.slice(-2)).toEqual(['until_morning completed', 'send_report completed']);
  });

  it('is of the day that it was due on', async () => {
    const { status, variables } = await storyOf('daily_report', {
      event: { due_at: '2026-01-12T06:00:00.000Z' },
    });
    expect([status, variables['day']]).toEqual(['completed', '2026-01-12']);
  });

  it('says that a region is missing', async () => {
    const { status, variables } = await run('2026-01-13');
    expect(status).toBe('completed');
    expect(variables['report']).toMatchObject({ note: '1 of 4 regions are missing' });
    expect(variables['figures']).toHaveLength(3);
  });

  it('fails without any figures', async () => {
    expect(await run('2026-01-31')).toMatchObject({ status: 'failed', error: 'NoFigures' });
  });
});
