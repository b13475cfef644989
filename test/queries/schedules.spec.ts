import { expect, test } from 'vitest';
import { timesOf } from '../../src/domain/definition/schedule.ts';
import { GetSchedule } from '../../src/queries/queries.ts';
import { WORKFLOW } from '../projections/samples.ts';
import { scheduleFired, schedulePaused, scheduleResumed } from '../projections/schedule-samples.ts';
import { happened } from '../spec/given.ts';
import { at, openQueries } from './queries.ts';

const STREAM = `schedule-${WORKFLOW}`;
const due = (time: string): number => at(`2026-01-31T${time}:00Z`);

/** One workflow that starts each half hour, since half past nine. */
const SCHEDULING = {
  scheduled: (workflow: string) =>
    workflow === WORKFLOW
      ? {
          workflow,
          definition: 'sha256:1',
          schedule: {
            cron: '*/30 * * * *',
            timeZone: 'UTC',
            overlap: 'skip' as const,
            catchUp: 'none' as const,
            next: timesOf('*/30 * * * *', 'UTC'),
          },
          since: due('09:30'),
        }
      : undefined,
  scheduledWorkflows: () => [WORKFLOW],
};

const opened = () => openQueries('2026-01-31T10:07:00Z', SCHEDULING);

test('the times of a schedule that come next are those behind now', async () => {
  const { ask } = await opened();
  const status = await ask(new GetSchedule(WORKFLOW, 3));
  expect(status).toMatchObject({
    nextRuns: [due('10:30'), due('11:00'), due('11:30')],
    scheduled: { schedule: { cron: '*/30 * * * *' } },
  });
  expect(status?.document).toBeUndefined();
  expect(await ask(new GetSchedule('nobody', 3))).toBeUndefined();
});

test('a time that is dealt with by a clock that is ahead is none of them', async () => {
  const { ask, happen } = await opened();
  const end = await happen(happened(STREAM, 0, scheduleFired(due('10:30'), 'e1')));
  expect(await ask(new GetSchedule(WORKFLOW, 1, end))).toMatchObject({
    nextRuns: [due('11:00')],
    document: { doc: { last: { execution: 'e1', dueAt: due('10:30') } }, position: end },
  });
});

test('a schedule that is paused has none, until it is resumed', async () => {
  const { ask, happen } = await opened();
  await happen(happened(STREAM, 0, schedulePaused(0)));
  expect(await ask(new GetSchedule(WORKFLOW, 2))).toMatchObject({ nextRuns: [] });
  await happen(happened(STREAM, 1, scheduleResumed(1)));
  expect((await ask(new GetSchedule(WORKFLOW, 2)))?.nextRuns).toHaveLength(2);
});
