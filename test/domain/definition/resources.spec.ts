import { describe, expect, it } from 'vitest';
import { parsed, refused, warningsOf } from './parsed.ts';

const isolated = (step: object, definition: object = {}): unknown => {
  const source = JSON.stringify({
    workflow: 'a',
    ...definition,
    activities: [{ name: 's', isolate: 'process', ...step }],
  });
  const [first] = parsed(source).definition.steps;
  return first?.kind === 'activity' ? first.isolate : undefined;
};

const memory = (limit: string | number) => ({ resources: { memory: { limit } } });

describe('a step in a process of its own', () => {
  it.each([
    ['512Mi', 536_870_912],
    ['1.5G', 1_500_000_000],
    ['2Gi', 2_147_483_648],
    ['64K', 64_000],
    ['100', 100],
    [4_096, 4_096],
  ])('may take so much memory: %s', (limit, bytes) => {
    expect(isolated(memory(limit))).toEqual({ memory: bytes });
  });

  it('may take what the definition says, unless it says more itself', () => {
    expect(isolated({}, memory('1Gi'))).toEqual({ memory: 1_073_741_824 });
    expect(isolated(memory('1Mi'), memory('1Gi'))).toEqual({ memory: 1_048_576 });
    expect(isolated({})).toEqual({});
  });
});

describe('resources', () => {
  it('are warned of where nothing holds them', () => {
    const all = {
      resources: { cpu: { limit: 4, request: '500m' }, memory: { limit: '2Gi', request: '1Gi' } },
    };
    const source = (step: object) =>
      JSON.stringify({ workflow: 'a', ...all, activities: [{ name: 's', ...step }] });
    expect(warningsOf(source({}))).toEqual([
      expect.stringContaining('NOT_ENFORCED resources.cpu'),
      expect.stringContaining('NOT_ENFORCED resources.memory.limit'),
      expect.stringContaining('NOT_ENFORCED resources.memory.request'),
    ]);
    expect(warningsOf(source({ isolate: 'process' }))).toHaveLength(2);
  });

  it('are refused all at once where they are none', () => {
    const source = `workflow: a
resources: { memory: { limit: much, requets: 1Gi } }
activities:
  - name: b
    isolate: thread
    resources: { memory: { limit: -1 } }
  - name: c
    wait: { for: 1s }
    isolate: process
`;
    expect(
      refused(source).map(({ line, column, code, path }) => [line, column, code, path].join(' ')),
    ).toEqual([
      '2 31 WRONG_VALUE resources.memory.limit',
      '2 37 UNKNOWN_FIELD resources.memory.requets',
      '5 14 WRONG_VALUE activities[0].isolate',
      '6 35 WRONG_VALUE activities[0].resources.memory.limit',
      '9 5 FIELD_NOT_USED activities[1].isolate',
    ]);
  });
});
