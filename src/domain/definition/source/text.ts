import type { Problem } from '../definition.ts';

const MAX_BYTES = 1_048_576;

// YAML's `c-printable`: what is left out shows that the source was no text, or not read as UTF-8.
const FORBIDDEN = /[\p{Cc}--[\t\n\r\x85]]|[\ufffe\uffff]|\p{Cs}/v;

/** Why a source is no text that may be read: too large, or with characters that no text has; `undefined` when it is one. */
export const checkText = (source: string): Problem | undefined => {
  const bytes = Buffer.byteLength(source);
  if (bytes > MAX_BYTES) {
    const message = `Expected a document of at most 1 MiB, but it has ${bytes} bytes.`;
    return { code: 'TOO_LARGE', line: 1, column: 1, path: '', message };
  }
  const at = source.search(FORBIDDEN);
  if (at === -1) return undefined;
  const before = source.slice(0, at).split('\n');
  const code = (source.charCodeAt(at) || 0).toString(16).toUpperCase().padStart(4, '0');
  const message = `Expected Unicode text, but found the character U+${code}, which text does not have.`;
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { code: 'BAD_CHARACTER', line: before.length, column, path: '', message };
};

/** The source without the mark that some editors put before everything. */
export const withoutMark = (source: string): string =>
  source.startsWith('\ufeff') ? source.slice(1) : source;
