import { expect, it } from 'vitest';
import { checkFiles } from '../../src/cli/check.ts';

it('says what is wrong in which file, where, and what is only worth a look', () => {
  const files = [
    { path: 'good.yaml', source: 'workflow: good\nactivities: [{ name: a }]' },
    { path: 'flows/bad.yaml', source: 'workflow: Bad\nactivities:\n  - name: a\n    wehn: true' },
    { path: 'odd.yaml', source: 'workflow: odd\nactivities: [{ name: a, end: true }, { name: b }]' },
  ];
  const { count, problems, warnings } = checkFiles(files);
  expect(count).toBe(3);
  expect(problems).toEqual([
    expect.stringMatching(/^flows\/bad\.yaml:1:11: Expected .+, but .+/),
    expect.stringMatching(/^flows\/bad\.yaml:4:5: Expected .+, but .+"wehn"/),
  ]);
  expect(warnings).toEqual([expect.stringMatching(/^odd\.yaml:2:46: warning: Expected .+, but .+"b"/)]);
});
