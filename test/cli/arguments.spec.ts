import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkArchiveFile } from '../../src/cli/archive.ts';
import { durationText } from '../../src/domain/duration.ts';
import { shareOf, timeOf, urlOf } from '../../src/cli/following.ts';

describe('what is given to a command', () => {
  it.each([
    [undefined, 'http://127.0.0.1:4000/graphql'],
    ['http://a.example:80', 'http://a.example:80/graphql'],
    ['https://a.example/', 'https://a.example/graphql'],
    ['https://a.example/other/graphql', 'https://a.example/other/graphql'],
  ])('names a server: %s', (url, expected) => {
    expect(urlOf(url)).toBe(expected);
  });

  it.each(['nonsense', 'localhost:4000', 'ftp://a.example'])('is refused as an address: %s', (url) => {
    expect(() => urlOf(url)).toThrow(
      `Expected --url to be an address like http://127.0.0.1:4000, but found "${url}".`,
    );
  });

  it('is a share only when it is a number', () => {
    expect(shareOf('0.5')).toBe(0.5);
    for (const text of ['', 'half', '1/2'])
      expect(() => shareOf(text)).toThrow('Expected --max-share to be a number');
  });
});

describe('a time that an option gives', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T08:00:00+02:00', '2026-01-31T06:00:00.000Z'],
  ])('may be %s', (text, time) => {
    expect(timeOf('--before', text)).toBe(time);
  });

  it.each(['2026-13-01', '31.1.2026', '2026', '30d', ''])(
    'is refused by the name of its option: %s',
    (text) => {
      expect(() => timeOf('--before', text)).toThrow(
        `Expected --before to be a time such as 2026-01-31T00:00:00Z, but found "${text}".`,
      );
    },
  );
});

describe('a file that is to be an archive', () => {
  const fileOf = async (content: Buffer): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'sagalog-archive-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'an-archive.ndjson.gz');
    await writeFile(path, content);
    return path;
  };

  it('is told to be none when it cannot be unpacked, and to be cut off when it was', async () => {
    const none = await fileOf(Buffer.from('not at all'));
    await expect(checkArchiveFile(none)).rejects.toThrow(
      `Expected ${none} to be an archive (gzip of lines of JSON), but it is none, or was changed.`,
    );
    const packed = gzipSync(JSON.stringify({ archive: 1, workflow: 'ship_order', batch: 1 }));
    await expect(checkArchiveFile(await fileOf(packed.subarray(0, -9)))).rejects.toThrow(
      'but it is cut off.',
    );
  });

  it.each([
    ['/there/is/none', 'there is no such file'],
    [tmpdir(), 'it is a folder'],
  ])('is named when there is none: %s', async (path, why) => {
    await expect(checkArchiveFile(path)).rejects.toThrow(
      `Expected ${path} to be an archive (gzip of lines of JSON), but ${why}.`,
    );
  });
});

it.each([
  [1, '1ms'],
  [1_500, '1500ms'],
  [90_000, '90s'],
  [3_600_000, '1h'],
  [30 * 86_400_000, '30d'],
  [36 * 3_600_000, '36h'],
])('%d ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
