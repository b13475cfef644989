import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../src/domain/definition/parse.ts';
import { activities, definitionOf, EXAMPLES, names, sourceOf } from './stories.ts';

describe.each(names)('the example %s', (name) => {
  it('parses without problems and warnings, under its own name', () => {
    expect(parseDefinition(sourceOf(name))).toMatchObject({
      ok: true,
      warnings: [],
      definition: { workflow: name },
    });
  });

  it('names only activities that are served', () => {
    const { places, compensation } = definitionOf(name);
    const steps = [...places.values()].map(({ step }) => step);
    const called = [
      ...steps.flatMap((step) => (step.kind === 'activity' ? [step.activity] : [])),
      ...steps.flatMap(({ fallback }) => (fallback?.kind === 'activity' ? [fallback.activity] : [])),
      ...Object.values(compensation.byStep).map(({ activity }) => activity),
      ...compensation.activities,
    ];
    expect(called.length).toBeGreaterThan(0);
    expect(called.filter((activity) => activities.find(activity) === undefined)).toEqual([]);
  });

  it('has a README of three lines', () => {
    expect(readFileSync(`${EXAMPLES}/${name}/README.md`, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('the README', () => {
  it('lists every example, and no other', () => {
    const text = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
    const listed = [...text.matchAll(/^- \[`(\w+)`\]\(examples\/(\w+)\)/gm)].map(([, name, folder]) => [
      name,
      folder,
    ]);
    expect(new Set(listed.map(([, folder]) => folder))).toEqual(new Set(names));
    expect(listed.filter(([name, folder]) => name !== folder)).toEqual([]);
  });
});
