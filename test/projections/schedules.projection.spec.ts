import { describe, it } from 'vitest';
import { schedules } from '../../src/projections/schedules.projection.ts';
import { given, happened } from '../spec/given.ts';
import { WORKFLOW } from './samples.ts';
import * as s from './schedule-samples.ts';

const STREAM = `schedule-${WORKFLOW}`;

describe('a schedule', () => {
  it('says what became of its times', () => {
    const known = given(
      schedules,
      happened(STREAM, 61, s.scheduleFired(60, 'e1')),
      happened(STREAM, 121, s.scheduleQueued(120)),
    );
    known.thenExactly(WORKFLOW, {
      workflow: WORKFLOW,
      until: 120,
      waiting: 1,
      pause: null,
      last: { dueAt: 60, execution: 'e1', at: 61 },
      stream: STREAM,
    });
    known
      .when(
        happened(STREAM, 181, s.scheduleSkipped(180, 'e1')),
        happened(STREAM, 500, s.scheduleMissed(180, 440)),
      )
      .thenShows({ [WORKFLOW]: { until: 440, waiting: 0, last: { execution: 'e1' } } });
  });

  it('says that it is paused, and since when', () => {
    const paused = given(
      schedules,
      happened(STREAM, 61, s.scheduleFired(60, 'e1')),
      happened(STREAM, 70, s.schedulePaused(60)),
    );
    paused.thenShows({ [WORKFLOW]: { pause: { revision: 1, at: 70 }, last: { execution: 'e1' } } });
    paused
      .when(happened(STREAM, 99, s.scheduleResumed(99)))
      .thenShows({ [WORKFLOW]: { pause: null, until: 99 } });
  });
});
