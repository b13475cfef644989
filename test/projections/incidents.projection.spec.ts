import { describe, expect, it } from 'vitest';
import { BUCKET } from '../../src/projections/bucket.ts';
import { OTHER_TYPES } from '../../src/projections/failure-counts.ts';
import { incidents } from '../../src/projections/incidents.projection.ts';
import { mergeIncidents } from '../../src/projections/merge-incidents.ts';
import { given, happened, type Happened } from '../spec/given.ts';
import * as g from './gate-samples.ts';
import * as s from './samples.ts';

const run = (id: string, at: number, ...events: Happened['events']) =>
  happened(`execution-${id}`, at, ...events);
const key = (activity: string, bucket = 0, definition = '') =>
  `${s.WORKFLOW}:${activity}:${definition}:${bucket}`;

const waited = (step: string, ms: number) => {
  const event = s.stepStarted(step);
  return { ...event, facts: { ...event.facts, waited: ms } };
};

const failedOf = (errorType: string) => {
  const event = s.stepFailed('pay', 5);
  return { ...event, facts: { ...event.facts, errorType } };
};

describe('incidents', () => {
  it('counts attempts that are made again, and how they failed with those that are not', () => {
    given(
      incidents,
      run('a', 1, s.retryScheduled('pay', 5, 1, 100), s.retryScheduled('pay', 5, 2, 100), failedOf('Other')),
      run('b', 2, s.stepCompleted('pay', 5), s.compensationFailed('pay', 5)),
    ).thenExactly(key('pay'), {
      workflow: s.WORKFLOW,
      activity: 'pay',
      definition: '',
      bucket: 0,
      retries: 2,
      reopened: 0,
      opened: 0,
      rejected: {},
      waited: expect.objectContaining({ count: 0 }) as never,
      failures: [
        { errorType: 'Oops', count: 2, executionId: 'a', revision: 1, at: 1 },
        { errorType: 'Other', count: 1, executionId: 'a', revision: 2, at: 1 },
      ],
    });
  });

  it('counts a step that failed before it was begun for no activity, and for no execution', () => {
    const event = s.stepFailed('pay', 0, 0);
    const unbegun = { ...event, facts: { ...event.facts, activity: '' } };
    given(incidents, run('a', 0, s.started(), unbegun, s.failed(0, 5))).thenShows({
      [key('')]: { failures: [{ count: 1, revision: 2 }] },
    });
  });

  it('counts what gates did not let through, by gate', () => {
    const full = g.stepRejected('pay');
    const bulkhead = { ...full, facts: { ...full.facts, gate: 'bulkhead' as const } };
    given(incidents, run('a', 0, full, bulkhead, bulkhead), run('b', 0, g.runRejected())).thenShows({
      [key('pay')]: { rejected: { circuit_breaker: 1, bulkhead: 2 }, failures: [] },
      [key('')]: { rejected: { max_workflows: 1 } },
    });
  });

  it('measures how long attempts and executions were queued, and leaves out those that never were', () => {
    const admitted = g.runAdmitted();
    const late = { ...admitted, facts: { ...admitted.facts, waited: 7 } };
    given(
      incidents,
      run('a', 0, waited('pay', 40), s.stepStarted('ship'), waited('pay', 60)),
      run('b', 0, admitted),
      run('c', 0, late),
    ).thenShows({
      [key('pay')]: { waited: { count: 2, sum: 100, max: 60 }, failures: [] },
      [key('')]: { waited: { count: 1, sum: 7 } },
    });
  });

  it('counts a breaker that opened for its activity, of no version', () => {
    const opened = {
      ...happened('breaker-pay', 0, g.breakerTurned('opened', 'a', 3)),
      definition: 'sha256:1',
    };
    given(
      incidents,
      happened('breaker-pay', 0, g.breakerTurned('opened', 'a', 2), g.breakerTurned('closed', 'a', 3)),
      happened('breaker-pay', BUCKET, g.breakerTurned('half_opened', 'b', 2)),
    ).thenShows({ [key('pay')]: { opened: 1 } });
    given(incidents, opened).thenShows({ [key('pay')]: { opened: 1 } });
  });

  it('counts executions that failed, and those that were retried, in the bucket and the version of each', () => {
    const first = { ...run('a', 0, s.started(), s.failed(0, 5)), definition: 'sha256:1' };
    const second = { ...run('a', BUCKET, s.retried('pay')), definition: 'sha256:2' };
    given(incidents, first, second).thenShows({
      [key('', 0, 'sha256:1')]: { reopened: 0, failures: [{ errorType: 'Oops', count: 1 }] },
      [key('', BUCKET, 'sha256:2')]: { reopened: 1, failures: [] },
    });
  });

  it('tells a hundred types of errors apart, and counts the others together', () => {
    const types = Array.from({ length: 130 }, (_, n) => failedOf(`Type${n}`));
    const found = given(incidents, run('a', 0, ...types, failedOf('Type7'))).documents.get(key('pay'));
    expect(found?.failures).toHaveLength(101);
    expect(found?.failures.find(({ errorType }) => errorType === 'Type7')?.count).toBe(2);
    expect(found?.failures.find(({ errorType }) => errorType === OTHER_TYPES)?.count).toBe(30);
  });

  it('is merged over buckets, with the last execution of each type, the most frequent first', () => {
    const { documents } = given(
      incidents,
      run('c', 5, failedOf('Rare'), s.retryScheduled('pay', 5, 1, 9), waited('pay', 10)),
      run('b', BUCKET, failedOf('Often'), g.stepRejected('pay'), waited('pay', 30)),
      run('a', 2 * BUCKET, failedOf('Often'), failedOf('Often'), g.stepRejected('pay')),
    );
    const merged = mergeIncidents([...documents.values()].toReversed());
    expect(merged).toMatchObject({
      retries: 1,
      rejected: { circuit_breaker: 2 },
      waited: { count: 2, sum: 40, min: 10, max: 30 },
    });
    expect(merged.failures).toEqual([
      { errorType: 'Often', count: 3, executionId: 'a', revision: 1, at: 2 * BUCKET },
      { errorType: 'Oops', count: 1, executionId: 'c', revision: 1, at: 5 },
      { errorType: 'Rare', count: 1, executionId: 'c', revision: 0, at: 5 },
    ]);
    expect(mergeIncidents([])).toMatchObject({
      retries: 0,
      rejected: {},
      failures: [],
      waited: { count: 0 },
    });
  });

  it('is merged with as many types told apart as before, however many there are, and none is lost', () => {
    const quarters = Array.from({ length: 8 }, (_, quarter) =>
      run(
        `e${quarter}`,
        quarter * BUCKET,
        ...['Often', 'Often', ...Array.from({ length: 90 }, (_, n) => `Type${quarter * 90 + n}`)].map(
          (type) => failedOf(type),
        ),
      ),
    );
    const documents = [...given(incidents, ...quarters).documents.values()];
    let merged = mergeIncidents([]);
    for (const document of documents) merged = mergeIncidents([merged, document]);
    expect(merged.failures).toHaveLength(201);
    expect(merged.failures.reduce((sum, { count }) => sum + count, 0)).toBe(8 * 92);
    const named = (type: string) => merged.failures.find(({ errorType }) => errorType === type);
    expect(named('Often')).toEqual({
      errorType: 'Often',
      count: 16,
      executionId: 'e7',
      revision: 1,
      at: 7 * BUCKET,
    });
    expect(named(OTHER_TYPES)).toMatchObject({ count: 8 * 92 - 16 - 199, executionId: 'e7' });
  });
});
