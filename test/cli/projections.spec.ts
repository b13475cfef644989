import { expect, it } from 'vitest';
import { rebuildsTable } from '../../src/cli/projections.ts';
import { rebuildLines } from '../../src/cli/rebuild-progress.ts';

it('says what came of rebuilds, and what differed with both forms', () => {
  const digest = { documents: '12', checksum: '00ff00ff00ff00ff' };
  const one = {
    projection: 'tally',
    kind: 'VERIFY',
    generation: 2,
    events: '40',
    duration: 1_234,
    digest,
  } as const;
  const differences = [
    { key: 'a', kind: 'DOCUMENT', live: { n: 1 }, rebuilt: null },
    { key: 'b', kind: 'INDEX', live: { n: 1 }, rebuilt: { n: 2 } },
  ] as const;
  const table = rebuildsTable([
    { ...one, comparison: { differing: '0', live: digest, differences: [] } },
    { ...one, projection: 'other', comparison: { differing: '2', live: digest, differences } },
    { ...one, projection: 'new', digest: null, comparison: null },
  ]);
  expect(table.split('\n')).toEqual([
    '  projection  events  documents  checksum           took  differences',
    '  tally           40         12  00ff00ff00ff00ff  1.2 s  none',
    '  other           40         12  00ff00ff00ff00ff  1.2 s  2',
    '  new             40                               1.2 s  not compared',
    'other a',
    '  found    {"n":1}',
    '  expected null',
    'other b, by what it is found',
    '  found    {"n":1}',
    '  expected {"n":2}',
  ]);
});

it('says how far rebuilds are', () => {
  const one = {
    projection: 'tally',
    phase: 'FOLDING',
    paused: false,
    position: '25',
    end: '100',
    rate: 4.4,
    eta: 2_000,
    compared: '0',
  } as const;
  const lines = rebuildLines(
    [
      one,
      { ...one, eta: 200 },
      { ...one, projection: 'other', position: '100', phase: 'COMPARING', eta: null, compared: '7' },
      { ...one, paused: true, end: null },
      { ...one, phase: 'SWAPPING', position: '100' },
      { ...one, eta: null, position: '0' },
    ],
    (share) => `[${share}]`,
  );
  expect(lines.split('\n')).toEqual([
    '  tally  [0.25]   25 %  4/s  folding, 2 s left',
    '  tally  [0.25]   25 %  4/s  folding, 1 s left',
    '  other  [1]     100 %  4/s  comparing, 7 so far',
    '  tally  [0]       0 %  4/s  paused',
    '  tally  [1]     100 %  4/s  swapping',
    '  tally  [0]       0 %  4/s  folding',
  ]);
});
