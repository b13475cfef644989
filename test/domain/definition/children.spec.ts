import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../src/domain/definition/parse.ts';

const WAITS: Readonly<Record<string, readonly string[]>> = {
  loop: ['a'],
  middle: ['last', 'loop'],
  last: [],
  round: ['middle', 'round'],
};

const check = (yaml: string): readonly string[] => {
  const parsed = parseDefinition(yaml, undefined, undefined, undefined, (workflow) => WAITS[workflow]);
  const found = parsed.ok ? parsed.warnings : parsed.problems;
  return found.map(({ line, code, message }) => `${line} ${code} ${message}`);
};

describe('children of a definition that is registered', () => {
  it('are taken as long as none waits for it again', () => {
    expect(check('workflow: b\nactivities:\n  - { name: s, workflow: { name: middle } }\n')).toEqual([]);
    expect(check('workflow: b\nactivities:\n  - { name: s, workflow: { name: round } }\n')).toEqual([]);
  });

  it('are refused where one does, at any depth, and all of them at once', () => {
    const yaml = `workflow: a
activities:
  - name: s
    workflow: { name: a }
  - name: both
    parallel:
      branches:
        one: [{ name: t, workflow: { name: middle } }]
        two: [{ name: u, workflow: { name: last } }]
`;
    expect(check(yaml)).toEqual([
      '4 CHILD_CYCLE Expected no workflow to wait for itself, but a waits for a.',
      '8 CHILD_CYCLE Expected no workflow to wait for itself, but a waits for middle waits for loop waits for a.',
    ]);
  });

  it('may be the workflow itself where it does not wait', () => {
    expect(check('workflow: a\nactivities:\n  - { name: s, workflow: { name: a, wait: false } }\n')).toEqual(
      [],
    );
  });

  it('are warned of where there is no such workflow', () => {
    expect(check('workflow: a\nactivities:\n  - { name: s, workflow: { name: nobody } }\n')).toEqual([
      expect.stringMatching(
        /^3 CHILD_NOT_REGISTERED Expected a workflow that is registered, but .* "nobody"/,
      ),
    ]);
  });
});
