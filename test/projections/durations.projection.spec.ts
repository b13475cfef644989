import { describe, expect, it } from 'vitest';
import { BUCKET } from '../../src/projections/bucket.ts';
import { durations } from '../../src/projections/durations.projection.ts';
import { mergeDurations } from '../../src/projections/merge-durations.ts';
import { quantile } from '../../src/projections/sketch.ts';
import { given, happened, type Happened } from '../spec/given.ts';
import * as s from './samples.ts';

const run = (id: string, at: number, ...events: Happened['events']) =>
  happened(`execution-${id}`, at, ...events);
const key = (activity: string, bucket = 0, step = activity.replace('undo_', ''), definition = '') =>
  `${s.WORKFLOW}:${activity}:${step}:${definition}:${bucket}`;

describe('durations', () => {
  it('measures attempts by activity, the failed ones apart', () => {
    given(durations, run('a', 0, s.started(), s.stepStarted('pay')))
      .when(run('a', 30, s.retryScheduled('pay', 30, 1, 50)), run('a', 90, s.stepCompleted('pay', 40, 2)))
      .when(run('b', BUCKET, s.stepFailed('pay', 5)))
      .thenShows({
        [key('pay')]: {
          workflow: s.WORKFLOW,
          activity: 'pay',
          step: 'pay',
          definition: '',
          bucket: 0,
          completed: { count: 1, sum: 40, min: 40, max: 40 },
          failed: { count: 1, sum: 30 },
          slowest: [
            { executionId: 'a', revision: 3, duration: 40, failed: false },
            { executionId: 'a', revision: 2, duration: 30, failed: true },
          ],
        },
        [key('pay', BUCKET)]: { completed: { count: 0 }, failed: { count: 1, sum: 5 } },
      });
  });

  it('measures what undoes a step by its own activity', () => {
    given(
      durations,
      run('a', 0, s.stepCompensated('pay', 7)),
      run('b', 0, s.compensationFailed('pay', 9)),
    ).thenShows({
      [key('undo_pay')]: { completed: { count: 1, sum: 7 }, failed: { count: 1, sum: 9 } },
    });
  });

  it('measures whole executions under no activity, and none that was cancelled', () => {
    given(durations, run('a', 0, s.completed(0, 10)), run('b', 0, s.failed(0, 20)))
      .when(run('c', 0, s.compensated(0, 30)), run('d', 0, s.cancelled(0, 40)))
      .thenShows({ [key('')]: { activity: '', completed: { count: 1 }, failed: { count: 2, sum: 50 } } });
  });

  it('measures each step that calls it by itself, the turns of a loop together', () => {
    given(
      durations,
      run(
        'a',
        0,
        s.stepCompleted('each[0].pay', 10, 1, 'pay'),
        s.stepCompleted('each[17].pay', 20, 1, 'pay'),
      ),
      run('b', 0, s.stepCompleted('both[left].pay', 30, 1, 'pay')),
    ).thenShows({
      [key('pay', 0, 'each[].pay')]: { step: 'each[].pay', completed: { count: 2, sum: 30 } },
      [key('pay', 0, 'both[left].pay')]: { step: 'both[left].pay', completed: { count: 1, sum: 30 } },
    });
  });

  it('measures each version by itself', () => {
    const by = (definition: string, id: string, duration: number) => ({
      ...run(id, 0, s.stepCompleted('pay', duration), s.completed(0, duration)),
      definition,
    });
    given(durations, by('sha256:1', 'a', 10), by('sha256:2', 'b', 20), by('sha256:1', 'c', 30)).thenShows({
      [key('pay', 0, 'pay', 'sha256:1')]: { definition: 'sha256:1', completed: { count: 2, sum: 40 } },
      [key('pay', 0, 'pay', 'sha256:2')]: { definition: 'sha256:2', completed: { count: 1, sum: 20 } },
      [key('', 0, '', 'sha256:1')]: { step: '', completed: { count: 2 } },
      [key('', 0, '', 'sha256:2')]: { completed: { count: 1 } },
    });
  });

  it('does not measure a step that failed before its first attempt', () => {
    given(durations, run('a', 0, s.started(), s.stepFailed('pay', 0, 0))).thenShows({});
  });

  it('keeps the slowest as exemplars, whatever the order in which they came', () => {
    const took = [5, 900, 3, 70, 70, 1].map((duration, n) =>
      run(`e${n}`, 0, s.stepCompleted('pay', duration)),
    );
    const expected = ['e1', 'e3', 'e4'];
    for (const order of [took, took.toReversed()]) {
      const document = given(durations, ...order).documents.get(key('pay'));
      expect(document?.slowest.map(({ executionId }) => executionId)).toEqual(expected);
    }
  });

  it('is merged over buckets', () => {
    const { documents } = given(
      durations,
      ...[1, 2, 3, 4].map((n) => run(`e${n}`, n * BUCKET, s.stepCompleted('pay', 100 * n))),
      run('f', 0, s.stepFailed('pay', 1_000)),
    );
    const merged = mergeDurations([...documents.values()]);
    expect(merged.completed).toMatchObject({ count: 4, sum: 1_000, min: 100, max: 400 });
    expect(merged.failed.count).toBe(1);
    expect(merged.all).toMatchObject({ count: 5, max: 1_000 });
    expect(quantile(merged.all, 1)).toBe(1_000);
    expect(merged.slowest.map(({ executionId }) => executionId)).toEqual(['f', 'e4', 'e3']);
    expect(mergeDurations([])).toMatchObject({ all: { count: 0 }, slowest: [] });
  });
});
