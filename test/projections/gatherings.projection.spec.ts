import { describe, it } from 'vitest';
import type { EventOf } from '../../src/domain/registry.ts';
import { gatherings } from '../../src/projections/gatherings.projection.ts';
import { given, happened } from '../spec/given.ts';
import { DEFINITION, WORKFLOW } from './samples.ts';

const ID = `${WORKFLOW}#k1`;
const STREAM = `gathering-${ID}`;
const OF = { workflow: WORKFLOW, key: 'k1', definition: DEFINITION };

const gathered = (count: number, dueAt: number): EventOf<'trigger.gathered'> => ({
  type: 'trigger.gathered',
  facts: { ...OF, event: `e${count}`, kind: 'batch', from: 0, count, bytes: count, since: 10, dueAt },
});

const released = (count: number): EventOf<'trigger.released'> => ({
  type: 'trigger.released',
  facts: { ...OF, from: 0, count, execution: 'x1', reason: 'due' },
});

describe('what is gathered', () => {
  it('is shown with how much there is and when it is due, and then with what it has started', () => {
    const open = given(
      gatherings,
      happened(STREAM, 10, gathered(1, 40)),
      happened(STREAM, 20, gathered(2, 50)),
    );
    const shown = { workflow: WORKFLOW, key: 'k1', count: 2 };
    open.thenExactly(ID, { ...shown, status: 'open', since: 10, dueAt: 50, execution: null });
    const done = open.when(happened(STREAM, 50, released(2)));
    done.thenExactly(ID, { ...shown, status: 'released', since: null, dueAt: null, execution: 'x1' });
    done.when(happened(STREAM, 60, gathered(1, 90))).thenShows({ [ID]: { status: 'open', dueAt: 90 } });
  });
});
