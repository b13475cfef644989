import type { EventOf } from '../../src/domain/registry.ts';
import { DEFINITION, WORKFLOW } from './samples.ts';

const of = (until: number, waiting = 0) => ({ workflow: WORKFLOW, until, waiting });

export const scheduleFired = (dueAt: number, execution: string): EventOf<'schedule.fired'> => ({
  type: 'schedule.fired',
  facts: { ...of(dueAt), dueAt, definition: DEFINITION, execution },
});

export const scheduleQueued = (dueAt: number, waiting = 1): EventOf<'schedule.queued'> => ({
  type: 'schedule.queued',
  facts: { ...of(dueAt, waiting), dueAt },
});

export const scheduleSkipped = (dueAt: number, execution: string): EventOf<'schedule.skipped'> => ({
  type: 'schedule.skipped',
  facts: { ...of(dueAt), dueAt, reason: 'overlap', execution },
});

export const scheduleMissed = (after: number, until: number): EventOf<'schedule.missed'> => ({
  type: 'schedule.missed',
  facts: { ...of(until), after },
});

export const schedulePaused = (until: number): EventOf<'schedule.paused'> => ({
  type: 'schedule.paused',
  facts: of(until),
  payload: { reason: 'secret' },
});

export const scheduleResumed = (until: number): EventOf<'schedule.resumed'> => ({
  type: 'schedule.resumed',
  facts: of(until),
  payload: { reason: 'secret' },
});
