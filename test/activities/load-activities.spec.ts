import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadActivities } from '../../src/activities/load-activities.ts';

const INDEX = new URL('../../src/index.ts', import.meta.url).href;
const folders: string[] = [];

const folderOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sagalog-activities-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
};

const namesIn = async (folder: string) =>
  (await loadActivities(folder)).map(
    ({ activity, from }) => `${activity.name} ${from.slice(folder.length + 1)}`,
  );

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

describe('a folder of activity modules', () => {
  it('is loaded with its sub-folders, in JavaScript and TypeScript, named and default exports', async () => {
    const folder = await folderOf({
      'a.ts': `import { defineActivity } from '${INDEX}';
        interface Input { readonly n: number }
        export const double = defineActivity<Input>({ name: 'double', run: (_, { n }: Input) => n * 2 });
        export const HELPER = 3;`,
      'b.mjs': `export default { name: 'plain', run: () => null };`,
      'c.mts': `export const x: { name: string, run: () => null } = { name: 'typed', run: () => null };`,
      'sub/d.js': `const one = { name: 'one', run: () => 1 }; export { one, one as again };`,
      'sub/deeper/e.js': 'throw new Error("not looked at")',
      'node_modules/f.js': 'throw new Error("not looked at")',
      'types.d.ts': 'export type T = 1;',
      'README.md': '',
    });
    expect(await namesIn(folder)).toEqual(['double a.ts', 'plain b.mjs', 'typed c.mts', 'one sub/d.js']);
  });

  it('may be empty', async () => {
    expect(await namesIn(await folderOf({}))).toEqual([]);
  });

  it.each([
    [
      'one that throws',
      { 'a.mjs': 'throw new TypeError("boom")' },
      'a.mjs: Expected a module that can be loaded, but loading it failed: TypeError: boom',
    ],
    [
      'one that does not parse',
      { 'a.mjs': 'export const = 1' },
      'a.mjs: Expected a module that can be loaded, but loading it failed: ',
    ],
    [
      'one that imports what is not there',
      { 'a.mjs': 'import "nowhere-to-be-found"' },
      'a.mjs: Expected a module that can be loaded, but loading it failed: ',
    ],
    [
      'one that exports none',
      { 'sub/a.mjs': 'export const x = 1' },
      'a.mjs: Expected a module that exports activities (defineActivity({ name, run })), but it exports none.',
    ],
    [
      'one with an activity that has no name',
      { 'a.mjs': 'export const send = { run() {} }' },
      `a.mjs: In its export "send": Expected an activity's name to be`,
    ],
    [
      'two with the same name',
      {
        'a.mjs': 'export default { name: "x", run() {} }',
        'b.mjs': 'export default { name: "x", run() {} }',
      },
      'b.mjs: Expected each activity to have a name of its own, but "x" is also in ',
    ],
    [
      'a schema that is none',
      { 'a.mjs': 'export default { name: "x", input: { type: 1 }, run() {} }' },
      'a.mjs: Expected "input" of the activity "x" to be a JSON Schema, but ',
    ],
  ])('is refused as a whole for %s', async (_, files, message) => {
    const folder = await folderOf({ '0.mjs': 'export default { name: "fine", run() {} }', ...files });
    await expect(loadActivities(folder)).rejects.toMatchObject({
      code: 'INVALID_ACTIVITY',
      message: expect.stringContaining(message),
    });
    await expect(loadActivities(folder)).rejects.toThrow(folder);
  });

  it('that is not there is refused with its path', async () => {
    await expect(loadActivities('/nowhere/activities')).rejects.toThrow(
      '/nowhere/activities: Expected a folder of activity modules, but it cannot be read: ENOENT',
    );
  });
});
