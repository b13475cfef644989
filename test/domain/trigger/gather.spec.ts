import { describe, expect, it } from 'vitest';
import type { Gathering } from '../../../src/domain/definition/gathering.ts';
import type { GatheringEvent } from '../../../src/domain/trigger/events.ts';
import { gather, openAfter } from '../../../src/domain/trigger/gather.ts';
import { gatheredIdOf } from '../../../src/domain/uuid.ts';

const BURST: Gathering = { kind: 'debounce', quiet: 30, max: 100 };
const BATCH: Gathering = { kind: 'batch', size: 3, timeout: 50 };

/** Events that come at these times, each of so many bytes, gathered as a version says. */
const played = (
  arrivals: readonly (readonly [number, Gathering, number?])[],
  most = 100,
): readonly GatheringEvent[] => {
  const history: GatheringEvent[] = [];
  for (const [now, gathering, bytes = 10] of arrivals) {
    const event = `e${now}`;
    const asked = { workflow: 'w', key: 'k', definition: `of ${now}`, event, bytes, gathering };
    history.push(...gather(openAfter(history.at(-1)), asked, { now, revision: history.length, most }));
  }
  return history;
};

const story = (history: readonly GatheringEvent[]) =>
  history.map(({ type, facts }) =>
    type === 'trigger.gathered'
      ? `${facts.event} is ${facts.count} from ${facts.from} until ${facts.dueAt}`
      : `${facts.reason}: ${facts.count} from ${facts.from}`,
  );

describe('events of a burst', () => {
  it('put off what they start, up to a time after the first', () => {
    expect(
      story(
        played([
          [0, BURST],
          [20, BURST],
          [45, BURST],
          [74, BURST],
        ]),
      ),
    ).toEqual([
      'e0 is 1 from 0 until 30',
      'e20 is 2 from 0 until 50',
      'e45 is 3 from 0 until 75',
      'e74 is 4 from 0 until 100',
    ]);
  });

  it('put it off for ever where nothing is said', () => {
    const patient: Gathering = { kind: 'debounce', quiet: 30 };
    const arrivals = Array.from({ length: 50 }, (_, n) => [n * 29, patient] as const);
    expect(story(played(arrivals)).at(-1)).toBe('e1421 is 50 from 0 until 1451');
  });

  it('may be as large as they want to: only the last one is kept', () => {
    expect(
      story(
        played([
          [0, BURST, 90],
          [1, BURST, 90],
        ]),
      ),
    ).toEqual(['e0 is 1 from 0 until 30', 'e1 is 2 from 0 until 31']);
  });

  it('release what is due, when they come before it was', () => {
    expect(
      story(
        played([
          [0, BURST],
          [30, BURST],
        ]),
      ),
    ).toEqual(['e0 is 1 from 0 until 30', 'due: 1 from 0', 'e30 is 1 from 2 until 60']);
  });
});

describe('events of a batch', () => {
  it('are released with the one that fills it', () => {
    const history = played([
      [0, BATCH],
      [10, BATCH],
      [20, BATCH],
      [21, BATCH],
    ]);
    expect(story(history)).toEqual([
      'e0 is 1 from 0 until 50',
      'e10 is 2 from 0 until 50',
      'e20 is 3 from 0 until 50',
      'full: 3 from 0',
      'e21 is 1 from 4 until 71',
    ]);
    expect(history[3]?.facts).toEqual({
      workflow: 'w',
      key: 'k',
      definition: 'of 20',
      from: 0,
      count: 3,
      execution: gatheredIdOf('w', 'k', 0),
      reason: 'full',
    });
  });

  it('are released before one that is too large to be with them', () => {
    expect(
      story(
        played([
          [0, BATCH, 60],
          [1, BATCH, 40],
          [2, BATCH, 1],
        ]),
      ),
    ).toEqual([
      'e0 is 1 from 0 until 50',
      'e1 is 2 from 0 until 50',
      'large: 2 from 0',
      'e2 is 1 from 3 until 52',
    ]);
  });

  it('may be alone, however large they are', () => {
    const alone: Gathering = { kind: 'batch', size: 1, timeout: 50 };
    expect(story(played([[0, alone, 500]]))).toEqual(['e0 is 1 from 0 until 50', 'full: 1 from 0']);
  });

  it('are full at once when a version takes fewer', () => {
    const fewer: Gathering = { kind: 'batch', size: 2, timeout: 7 };
    expect(
      story(
        played([
          [0, BATCH],
          [3, BATCH],
          [5, fewer],
        ]),
      ).slice(2),
    ).toEqual(['e5 is 3 from 0 until 7', 'full: 3 from 0']);
  });
});

it('what is gathered in one way is released before the other begins', () => {
  expect(
    story(
      played([
        [0, BURST],
        [1, BATCH],
        [2, BURST],
      ]),
    ),
  ).toEqual([
    'e0 is 1 from 0 until 30',
    'changed: 1 from 0',
    'e1 is 1 from 2 until 51',
    'changed: 1 from 2',
    'e2 is 1 from 4 until 32',
  ]);
});
