import { describe, expect, it } from 'vitest';
import { active } from '../../src/projections/active.projection.ts';
import { BUCKET } from '../../src/projections/bucket.ts';
import { outcomes } from '../../src/projections/outcomes.projection.ts';
import { sumOutcomes } from '../../src/projections/sum-outcomes.ts';
import { workflows } from '../../src/projections/workflows.projection.ts';
import { given, happened, type Happened } from '../spec/given.ts';
import * as r from './retention-samples.ts';
import * as s from './samples.ts';

const run = (id: string, at: number, ...events: Happened['events']) =>
  happened(`execution-${id}`, at, ...events);

describe('active', () => {
  it('counts executions by workflow and status', () => {
    const three = given(
      active,
      run('a', 0, s.started()),
      run('b', 0, s.started()),
      run('c', 0, s.started('other')),
    );
    three.thenShows({
      [s.WORKFLOW]: { workflow: s.WORKFLOW, running: 2, compensating: 0, paused: 0 },
      other: { workflow: 'other', running: 1, compensating: 0, paused: 0 },
    });
    const undoing = three.when(run('a', 1, s.compensating()));
    undoing.thenShows({ [s.WORKFLOW]: { running: 1, compensating: 1 }, other: {} });
    for (const [status, end] of [
      ['compensated', s.compensated(0, 1)],
      ['failed', s.failed(0, 1, 'compensating')],
      ['cancelled', s.cancelled(0, 1, 'compensating')],
    ] as const) {
      undoing
        .when(run('a', 2, end))
        .thenShows({ [s.WORKFLOW]: { running: 1, compensating: 0, [status]: 1 }, other: {} });
    }
    for (const [status, end] of [
      ['completed', s.completed(0, 1)],
      ['failed', s.failed(0, 1)],
      ['cancelled', s.cancelled(0, 1)],
    ] as const) {
      undoing
        .when(run('b', 2, end))
        .thenShows({ [s.WORKFLOW]: { running: 0, compensating: 1, [status]: 1 }, other: {} });
    }
  });
});

describe('active, when executions are kept no longer', () => {
  it('counts those that were removed no more, and again once they are back', () => {
    const ended = given(active, run('a', 0, s.started(), s.completed(0, 1)), run('b', 0, s.started()));
    const removed = ended.when(run('a', 2, r.removed()));
    removed.thenShows({ [s.WORKFLOW]: { running: 1, completed: 0 } });
    const back = removed.when(run('a', 3, r.restored()));
    back.thenShows({ [s.WORKFLOW]: { running: 1, completed: 1 } });
    back.when(run('a', 4, r.removed())).thenShows({ [s.WORKFLOW]: { running: 1, completed: 0 } });
    const { status: _none, ...facts } = r.restored().facts;
    removed
      .when(run('a', 3, { type: 'execution.restored', facts }))
      .thenShows({ [s.WORKFLOW]: { running: 1, completed: 1 } });
  });
});

describe('active, while operators act', () => {
  it('counts a paused execution as such, whatever it was about, until it is resumed or ended', () => {
    for (const from of ['running', 'compensating'] as const) {
      const before = from === 'running' ? [s.started()] : [s.started(), s.compensating()];
      const paused = given(active, run('a', 0, ...before, s.paused(from)));
      paused.thenShows({ [s.WORKFLOW]: { running: 0, compensating: 0, paused: 1 } });
      paused
        .when(run('a', 1, s.resumed(0, 1, from)))
        .thenShows({ [s.WORKFLOW]: { running: 0, compensating: 0, [from]: 1, paused: 0 } });
      paused
        .when(run('a', 1, s.cancelled(0, 1, 'paused')))
        .thenShows({ [s.WORKFLOW]: { running: 0, compensating: 0, paused: 0 } });
    }
  });

  it('counts a failed execution again once it is retried', () => {
    given(active, run('a', 0, s.started(), s.failed(0, 1)))
      .when(run('a', 1, s.retried('pay')))
      .thenShows({ [s.WORKFLOW]: { running: 1, compensating: 0, paused: 0, failed: 0 } });
  });
});

describe('outcomes', () => {
  it('counts each end of one that is retried, and its start once', () => {
    given(outcomes, run('a', 0, s.started(), s.failed(0, 1), s.retried('pay'), s.completed(0, 9))).thenShows({
      [`${s.WORKFLOW}:0`]: { started: 1, failed: 1, completed: 1, duration: 10, completedDuration: 9 },
    });
  });

  it('counts in the bucket in which it was decided', () => {
    given(outcomes, run('a', BUCKET - 1, s.started()))
      .when(run('a', BUCKET, s.completed(BUCKET - 1, 1)), run('b', BUCKET, s.started()))
      .when(run('b', 2 * BUCKET - 1, s.failed(BUCKET, BUCKET - 1)))
      .thenShows({
        [`${s.WORKFLOW}:0`]: { workflow: s.WORKFLOW, bucket: 0, started: 1, completed: 0, duration: 0 },
        [`${s.WORKFLOW}:${BUCKET}`]: {
          bucket: BUCKET,
          started: 1,
          completed: 1,
          failed: 1,
          duration: BUCKET,
          completedDuration: 1,
        },
      });
  });

  it('counts the ends one by one', () => {
    given(
      outcomes,
      run('a', 0, s.cancelled(0, 2)),
      run('b', 0, s.compensating(), s.compensated(0, 3)),
    ).thenShows({
      [`${s.WORKFLOW}:0`]: { started: 0, cancelled: 1, compensated: 1, duration: 5, completedDuration: 0 },
    });
  });

  it('is summed over the buckets that begin in a window', () => {
    const { documents } = given(
      outcomes,
      ...[0, 1, 2, 3].map((n) => run(`${n}`, n * BUCKET, s.started(), s.completed(n * BUCKET, 10 ** n))),
    );
    expect(sumOutcomes(documents.values(), { from: BUCKET, to: 3 * BUCKET })).toEqual({
      started: 2,
      completed: 2,
      failed: 0,
      cancelled: 0,
      compensated: 0,
      duration: 110,
      completedDuration: 110,
    });
    expect(sumOutcomes([], { from: 0, to: 1 })).toMatchObject({ started: 0, duration: 0 });
  });
});

describe('workflows', () => {
  it('says what was registered last and where its source is', () => {
    const stream = `workflow-${s.WORKFLOW}`;
    const first = given(workflows, happened(stream, 5, s.registered(1)));
    first.thenExactly(s.WORKFLOW, {
      workflow: s.WORKFLOW,
      definition: 'sha256:1',
      versions: 1,
      triggerEvent: null,
      set: null,
      retired: false,
      registeredAt: 5,
      stream,
      revision: 0,
    });
    first
      .when(happened('event-x', 6, s.emitted()), happened(stream, 7, s.registered(2, 'order:placed')))
      .thenShows({
        [s.WORKFLOW]: {
          definition: 'sha256:2',
          versions: 2,
          triggerEvent: 'order:placed',
          registeredAt: 7,
          revision: 1,
        },
      });
  });
});
