import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../docs/adr/', import.meta.url));
const files = readdirSync(FOLDER).toSorted();

const numbered = (number: string) => [number, String(Number(number))];

it('decisions are numbered one after the other, by their files and their headings alike', () => {
  const found = files.map((file) => [
    file.slice(0, 4),
    /^# (\d+)\. /.exec(readFileSync(FOLDER + file, 'utf8'))?.[1],
  ]);
  expect(found).toEqual(files.map((_, index) => numbered(String(index + 1).padStart(4, '0'))));
});
