import { describe, it } from 'vitest';
import { timeline } from '../../src/projections/timeline.projection.ts';
import { given, happened, type Happened } from '../spec/given.ts';
import * as gates from './gate-samples.ts';
import * as s from './samples.ts';

const at = (time: number, ...events: Happened['events']) => happened('execution-e1', time, ...events);

describe('the timeline of what a call takes of its node', () => {
  it('says how much of a node an attempt waits for, and what it has reserved of it', () => {
    const waits = at(0, s.started(), gates.stepQueuedForMemory('pay'), gates.memoryReserved('pay'));
    given(timeline, waits).thenShows({
      'e1:0': {},
      'e1:1': { kind: 'queued', gate: 'memory', count: 2, of: 2, needs: 512, capacity: 2_048, dueAt: 9_000 },
      'e1:2': { kind: 'admission', gate: 'memory', count: 1_536, of: 2_048, needs: 512, capacity: 2_048 },
    });
  });
});
