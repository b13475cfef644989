import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../src/domain/definition/parse.ts';
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

const needs = (step: object, definition: object = {}): unknown => {
  const source = JSON.stringify({ workflow: 'a', ...definition, activities: [{ name: 's', ...step }] });
  const [first] = parsed(source).definition.steps;
  return first?.kind === 'activity' ? first.needs : undefined;
};

const asks = (cpu: string | number, memory: string | number) => ({
  resources: { cpu: { request: cpu }, memory: { request: memory } },
});

describe('what a call takes of its node', () => {
  it.each([
    ['500m', '512Mi', { cpu: 500, memory: 512 }],
    [0.5, '1.5Gi', { cpu: 500, memory: 1_536 }],
    ['2', 4_096, { cpu: 2_000, memory: 1 }],
    [0.07, '1G', { cpu: 70, memory: 954 }],
    ['0.5m', 0, { cpu: 1 }],
    ['9'.repeat(400), '999999999999999Ti', { cpu: 2_147_483_647, memory: 2_147_483_647 }],
  ])('is %s and %s, in thousandths of a core and whole MiB', (cpu, memory, expected) => {
    expect(needs(asks(cpu, memory))).toEqual(expected);
  });

  it('is what the definition says, unless the step says more itself', () => {
    const shared = asks(1, '1Gi');
    expect(needs({}, shared)).toEqual({ cpu: 1_000, memory: 1_024 });
    expect(needs({ resources: { memory: { request: 0 } } }, shared)).toEqual({ cpu: 1_000 });
    expect(needs({ resources: { cpu: { limit: 4 } } })).toBeUndefined();
    expect(needs({})).toBeUndefined();
  });

  it('is warned of where the server has less', () => {
    const source = `execution:
  workflow: a
  resources: { memory: { request: 4Gi } }
  activities:
    - name: b
      resources: { cpu: { request: 2 } }
    - name: c
      foreach:
        items: [1]
        steps:
          - name: d
            resources: { cpu: { request: 2.5 } }
`;
    const at = (cpu: number, memory: number) => {
      const capacity = { node: 'n', cpu, memory };
      const result = parseDefinition(source, undefined, undefined, undefined, undefined, capacity);
      return result.ok ? result.warnings : [];
    };
    expect(at(2_500, 4_096)).toEqual([]);
    const [first, ...others] = at(1_500, 2_048);
    expect(first).toEqual({
      code: 'NODE_TOO_SMALL',
      line: 3,
      column: 35,
      path: 'execution.resources.memory.request',
      message:
        'Expected a request of at most the 2048 MiB that this server has, but found 4096 MiB: steps wait for as long as no server that has as much goes on with them.',
    });
    expect(others.map(({ line, column, path }) => [line, column, path])).toEqual([
      [6, 36, 'execution.activities[0].resources.cpu.request'],
      [12, 42, 'execution.activities[1].foreach.steps[0].resources.cpu.request'],
    ]);
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
      expect.stringContaining('NOT_ENFORCED resources.cpu.limit'),
      expect.stringContaining('NOT_ENFORCED resources.memory.limit'),
    ]);
    expect(warningsOf(source({ isolate: 'process' }))).toHaveLength(1);
  });

  it('are refused all at once where they are none', () => {
    const source = `workflow: a
resources: { memory: { limit: much, requets: 1Gi }, cpu: { request: -1, limti: 2 } }
activities:
  - name: b
    isolate: thread
    resources: { memory: { limit: -1, request: 1 GB }, cpu: { request: 500mm } }
  - name: c
    wait: { for: 1s }
    isolate: process
`;
    expect(
      refused(source).map(({ line, column, code, path }) => [line, column, code, path].join(' ')),
    ).toEqual([
      '2 31 WRONG_VALUE resources.memory.limit',
      '2 37 UNKNOWN_FIELD resources.memory.requets',
      '2 69 WRONG_VALUE resources.cpu.request',
      '2 73 UNKNOWN_FIELD resources.cpu.limti',
      '5 14 WRONG_VALUE activities[0].isolate',
      '6 35 WRONG_VALUE activities[0].resources.memory.limit',
      '6 48 WRONG_VALUE activities[0].resources.memory.request',
      '6 72 WRONG_VALUE activities[0].resources.cpu.request',
      '9 5 FIELD_NOT_USED activities[1].isolate',
    ]);
  });
});
