import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, warningsOf } from './parsed.ts';

const KINDS: Readonly<Record<string, object>> = {
  activity: {},
  wait: { wait: { for: '1s' } },
  approval: { approval: {} },
  emit: { emit: { event: 'e' } },
  workflow: { workflow: { name: 'other' } },
  parallel: { parallel: { branches: [[{ name: 'i' }]] } },
  foreach: { foreach: { items: [1], steps: [{ name: 'i' }] } },
  switch: { switch: [{ else: [{ name: 'i' }] }] },
  while: { while: { condition: '${has(input.id)}', steps: [{ name: 'i' }] } },
};

const labelled = (step: object, label: unknown): string =>
  JSON.stringify({ workflow: 'a', activities: [{ name: 's', ...step, label }] });

describe('the label of a step', () => {
  it.each(Object.entries(KINDS))('is a text with expressions: %s', (kind, step) => {
    const source = labelled(step, 'Order ${input.id}');
    const [first] = parsed(source).definition.steps;
    expect(first?.kind).toBe(kind);
    expect(first?.label?.evaluate({ input: { id: 7 } })).toBe('Order 7');
    expect(warningsOf(source)).toEqual([]);
  });

  it('is none unless it is given', () => {
    expect(parsed(labelled({}, undefined)).definition.steps[0]).not.toHaveProperty('label');
  });

  it('is refused with everything that is wrong in it, each where it stands', () => {
    const source = `workflow: a
activities:
  - { name: b, label: "\${steps.c.output} and \${ouput}" }
  - { name: c, label: "\${1 +}" }
  - { name: d, label: [x] }
  - { name: e, label: "" }
`;
    expect(problemsOf(source)).toEqual([
      '3:26 STEP_NOT_RUN_YET activities[0].label',
      '3:48 UNKNOWN_NAME activities[0].label',
      '4:28 BAD_EXPRESSION activities[1].label',
      '5:23 WRONG_TYPE activities[2].label',
      '6:23 WRONG_VALUE activities[3].label',
    ]);
  });
});
