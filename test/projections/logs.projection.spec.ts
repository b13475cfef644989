import { describe, expect, it } from 'vitest';
import type { Logging } from '../../src/domain/definition/observed.ts';
import { elapsedText } from '../../src/projections/elapsed.ts';
import { rowsOf } from '../../src/projections/log-row.ts';
import { logs } from '../../src/projections/logs.projection.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { given, happened, record, type Happened } from '../spec/given.ts';
import * as s from './samples.ts';

const at = (time: number, ...events: Happened['events']) => happened('execution-e1', time, ...events);
/** An event as it stands in the log of a run whose definition says so much of its log. */
const recorded = (event: Happened['events'][number], logging?: Logging): RecordedEvent => {
  const [found] = record([at(0, event)]);
  if (found === undefined) throw new Error('Expected an event, but there is none.');
  if (logging === undefined) return found;
  return { ...found, commit: { ...found.commit, metadata: { ...found.commit.metadata, logging } } };
};

const key = (revision: number): string => `e1:${String(revision).padStart(10, '0')}`;

const said = (event: Happened['events'][number], logging?: Logging): readonly string[] =>
  rowsOf(recorded(event, logging)).map(({ level, message }) => `${level} ${message}`);

describe('the rows of an event', () => {
  it('are what it says to people, and at the level event that it happened', () => {
    expect(said(s.started())).toEqual([
      'info Execution started: workflow=ship_order',
      'event execution.started',
    ]);
    expect(said(s.stepStarted('pay'))).toEqual(['info Step started: pay', 'event step.started']);
    expect(said(s.stepCompleted('pay', 1_500))).toEqual([
      'info Step completed: pay (1.5s)',
      'event step.completed',
    ]);
    expect(said(s.completed(0, 250))).toEqual([
      'info Execution completed (250ms)',
      'event execution.completed',
    ]);
  });

  it('are errors where something has failed, with its type and what went wrong', () => {
    expect(said(s.stepFailed('pay', 1))).toEqual(['error step.failed: It went wrong.', 'event step.failed']);
    expect(said(s.failed(0, 1))).toEqual([
      'error execution.failed: It went wrong.',
      'event execution.failed',
    ]);
    expect(said(s.compensationFailed('pay', 1))[0]).toBe('error step.compensation_failed: It went wrong.');
    expect(said(s.retryScheduled('pay', 1, 1, 9))[0]).toBe('warn step.retry_scheduled: It went wrong.');
  });

  it('are one at the level event for everything else, with no captured value in it', () => {
    expect(said(s.timerScheduled('pay', 9))).toEqual(['event timer.scheduled']);
    const rows = rowsOf(recorded(s.inputRecorded('pay')));
    expect(rows).toMatchObject([{ level: 'event', message: 'step.input_recorded', step: 'pay' }]);
    expect(JSON.stringify(rows.map(({ fields }) => fields))).not.toContain('secret');
  });

  it('are what an activity wrote, when it did', () => {
    const [line] = rowsOf(recorded(s.logged('pay', 'warn', 7)));
    expect(line).toMatchObject({
      level: 'warn',
      message: 'secret words',
      fields: { secret: 'field' },
      at: 7,
      component: 'activity_executor',
      step: 'pay',
      activity: 'pay',
      attempt: 1,
    });
  });

  it('matter enough and are of the parts that the definition wants', () => {
    expect(said(s.stepStarted('pay'), { level: 'warn' })).toEqual(['event step.started']);
    expect(said(s.stepFailed('pay', 1), { level: 'warn' })).toHaveLength(2);
    const parts: Logging = { level: 'debug', components: ['workflow_engine'] };
    expect(said(s.stepStarted('pay'), parts)).toEqual([]);
    expect(said(s.started(), parts)).toHaveLength(2);
    expect(said(s.variablesSet('pay'), { ...parts, components: ['state_manager'] })).toHaveLength(1);
  });

  it.each([
    [0, '0ms'],
    [999, '999ms'],
    [1_000, '1s'],
    [61_500, '1m1.5s'],
    [3_600_000, '1h0m0s'],
  ])('say %i ms as %s', (ms, text) => expect(elapsedText(ms)).toBe(text));
});

describe('the view of logs', () => {
  it('has a document for each event, without what users put into it', () => {
    const run = given(logs, at(1_000, s.started())).when(at(2_000, s.stepFailed('pay', 9)));
    run.thenShows({
      [key(0)]: {
        level: 'info',
        step: null,
        at: 1_000,
        revision: 0,
        workflow: s.WORKFLOW,
        executionId: 'e1',
      },
      [key(1)]: { level: 'error', step: 'pay', activity: 'pay', at: 2_000, component: 'activity_executor' },
    });
  });

  it('is in the order of events that happen at once', () => {
    expect(key(9) < key(10)).toBe(true);
  });
});
