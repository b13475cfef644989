import { describe, expect, it } from 'vitest';
import { nodesTable, rangesOf } from '../../src/cli/nodes.ts';

describe('the table of nodes', () => {
  it('says who has what, and for how long', () => {
    const now = Date.parse('2026-01-31T09:00:00Z');
    const node = {
      self: false,
      partitions: [0, 1, 2, 7],
      folds: false,
      leaseUntil: '2026-01-31T09:00:12.500Z',
    };
    const table = nodesTable(
      [
        { ...node, name: 'one', self: true, folds: true },
        { ...node, name: 'two', partitions: [3], leaseUntil: '2026-01-31T08:59:59Z' },
        { ...node, name: 'three', partitions: [], leaseUntil: null },
      ],
      now,
    );
    expect(table.split('\n')).toEqual([
      '  node         partitions  views  lease left',
      '  one (asked)  4: 0-2, 7   folds  12.5 s',
      '  two          1: 3               0.0 s',
      '  three        none               no lease',
    ]);
  });

  it.each([
    [[], ''],
    [[4], '4'],
    [[0, 1], '0-1'],
    [[0, 2, 3, 4, 9], '0, 2-4, 9'],
  ])('writes %j as "%s"', (numbers, text) => {
    expect(rangesOf(numbers)).toBe(text);
  });
});
