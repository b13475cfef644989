import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { linesOf, problemsOf, type SourceFile } from './budgets.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NOT_OURS = new Set(['node_modules', 'dist', 'data', '.git', 'package-lock.json']);
const TEXT = /\.(m?[jt]s|json|ya?ml|md|graphql)$|^(Dockerfile|run)$/;

const filesIn = (folder: string): readonly SourceFile[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (NOT_OURS.has(entry.name)) return [];
    if (entry.isDirectory()) return filesIn(path);
    return TEXT.test(entry.name) ? [{ path, text: readFileSync(join(ROOT, path), 'utf8') }] : [];
  });

const files = filesIn('.');
const code = (folder: string) =>
  files.filter(({ path }) => path.startsWith(`${folder}/`) && path.endsWith('.ts'));
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe('the budgets', () => {
  it('are kept', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap(problemsOf)).toEqual([]);
  });

  it('are reported', () => {
    const lines = code('src')
      .map(linesOf)
      .sort((a, b) => a - b);
    const at = (share: number) => lines[Math.floor(lines.length * share)] ?? 0;
    const [source, tests] = [sum(lines), sum(code('test').map(linesOf))];
    console.log(
      `src: ${lines.length} files, ${source} lines, median ${at(0.5)} (aim 60), p95 ${at(0.95)} (aim 200); ` +
        `test: ${tests} lines (${(tests / source).toFixed(2)} x src)`,
    );
    expect(source).toBeGreaterThan(0);
  });

  // A tilde keeps a sample from being found in this file.
  it.each([
    ['src/a.ts', 'x\n'.repeat(351), 'has 351 lines, more than 350'],
    ['src/a.ts', 'const a: any = 1;', 'has a type that is any'],
    ['src/a.ts', 'const a = b as any;', 'has a type that is any'],
    ['src/a.ts', 'const a: Map<string, any> = b;', 'has a type that is any'],
    ['src/a.ts', 'export default 1;', 'has a default export'],
    ['src/a.ts', 'this.#clock.schedule(this.#clock.now() + PAUSE, f)', 'pauses until a date'],
    ['src/a.ts', '// @ts-ig~nore', 'silences the compiler'],
    ['docs/a.md', 'TO~DO: finish', 'says that something is left to do'],
    ['docs/a.md', 'see /wo~rk/main', 'names a path or a host of some machine'],
    ['a.json', '"https://registry.npm~js.org/x"', 'names a path or a host of some machine'],
  ])('are noticed to be broken: %s %#', (path, spelled, problem) => {
    const text = spelled.replaceAll('~', '');
    expect(problemsOf({ path, text })).toEqual([`${path}: ${problem}`]);
  });

  it.each([
    ['src/a.ts', 'x\n'.repeat(350)],
    ['src/a.ts', '/** Takes any text, as any reader would. */\nexport const a = 1; // as any other'],
    ['src/a.ts', 'clock.schedule(dueAt, f); clock.after(clock.now() + 1, f)'],
    ['vite.config.ts', 'export default 1;'],
    ['src/a.ts', "import { a } from './home/a.ts';"],
  ])('allow %s %#', (path, text) => {
    expect(problemsOf({ path, text })).toEqual([]);
  });
});
