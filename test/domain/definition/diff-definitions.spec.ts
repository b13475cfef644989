import { describe, expect, it, test } from 'vitest';
import {
  diffDefinitions,
  type DefinitionDiff,
} from '../../../src/domain/definition/diff/diff-definitions.ts';
import { parsed } from './parsed.ts';

const documentOf = (source: string) => parsed(`workflow: w\n${source}`).document;

const diff = (from: string, to: string): DefinitionDiff => diffDefinitions(documentOf(from), documentOf(to));

const SAME = {
  added: [],
  removed: [],
  changed: [],
  moved: [],
  blocks: [],
  variables: { added: [], removed: [] },
  activities: { added: [], removed: [] },
};

const steps = (...names: readonly string[]): string =>
  `activities:\n${names.map((name) => `  - { name: ${name}, activity: call }\n`).join('')}`;

describe('what makes one version of a workflow another', () => {
  it('is nothing when they say the same, in whatever order', () => {
    const other =
      'activities:\n  - { activity: call, name: a }\ntracing: { enabled: true, sampling_rate: 1 }\n';
    expect(diff(`tracing: { sampling_rate: 1, enabled: true }\n${steps('a')}`, other)).toEqual(SAME);
  });

  it('are the steps that came and went, and the activities that they call', () => {
    const ship = '  - { name: ship, activity: post, fallback: { activity: mail } }\n';
    expect(diff(steps('pay', 'thank'), `${steps('pay')}${ship}`)).toEqual({
      ...SAME,
      added: [
        {
          name: 'ship',
          list: '',
          index: 1,
          form: { name: 'ship', activity: 'post', fallback: { activity: 'mail' } },
        },
      ],
      removed: [{ name: 'thank', list: '', index: 1, form: { name: 'thank', activity: 'call' } }],
      activities: { added: ['mail', 'post'], removed: [] },
    });
  });

  it('are the fields of a step that are written otherwise, came or went', () => {
    const from =
      'activities:\n  - { name: a, activity: call, when: "${event.x}", timeout: { attempt: 1s } }\n';
    const to = 'activities:\n  - { name: a, activity: call, when: "${event.y}", output: { z: 1 } }\n';
    expect(diff(from, to)).toEqual({
      ...SAME,
      changed: [
        {
          name: 'a',
          keys: [
            { key: 'output', to: { z: 1 } },
            { key: 'timeout', from: { attempt: '1s' } },
            { key: 'when', from: '${event.x}', to: '${event.y}' },
          ],
        },
      ],
      variables: { added: ['z'], removed: [] },
    });
  });

  test.for<[string, readonly string[], readonly string[], readonly string[]]>([
    ['one that went to the front', ['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c'], ['d']],
    ['one that went to the end', ['a', 'b', 'c', 'd'], ['b', 'c', 'd', 'a'], ['a']],
    ['none for those that came before', ['a', 'b'], ['x', 'a', 'y', 'b'], []],
    ['none for those that went', ['a', 'b', 'c'], ['a', 'c'], []],
    ['all but one of an order turned round', ['a', 'b', 'c'], ['c', 'b', 'a'], ['c', 'b']],
  ])('are the fewest steps that moved: %s', ([, from, to, moved]) => {
    expect(diff(steps(...from), steps(...to)).moved.map(({ name }) => name)).toEqual(moved);
  });

  it('are steps in other blocks than before, and blocks that are themselves as before', () => {
    const block = (left: string, right: string) =>
      `activities:\n  - name: both\n    parallel: { branches: { left: [${left}], right: [${right}] } }\n`;
    const [a, b, c] = ['a', 'b', 'c'].map((name) => `{ name: ${name}, activity: call }`);
    expect(diff(block(`${a}, ${b}`, c ?? ''), block(a ?? '', `${b}, ${c}`))).toEqual({
      ...SAME,
      moved: [{ name: 'b', from: { list: 'both[left]', index: 1 }, to: { list: 'both[right]', index: 0 } }],
    });
  });

  it('are the blocks beside the steps, that of a saga without them', () => {
    const saga = (compensation: string, more = '') =>
      `saga:\n  steps: [{ activity: pay, compensation: ${compensation} }]\n${more}`;
    const more = 'input: { schema: { type: object } }\n';
    expect(diff(saga('refund'), saga('repay', more))).toEqual({
      ...SAME,
      changed: [{ name: 'pay', keys: [{ key: 'compensation', from: 'refund', to: 'repay' }] }],
      blocks: [{ key: 'input', to: { schema: { type: 'object' } } }],
      activities: { added: ['repay'], removed: ['refund'] },
    });
  });
});
