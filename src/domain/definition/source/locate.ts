import { isAlias, isMap, isScalar, isSeq, type Document, type ParsedNode } from 'yaml';
import type { Path, Pointer } from '../report.ts';
import type { SourceNode, Targets } from './to-json.ts';

/** Line and column, from 1; a column is a UTF-16 unit, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Finds the place of the value at a path, or of its key. The nearest part that is there stands for one that is not. */
export type Locate = (path: Path, pointer?: Pointer) => Place;

/** What a document was read from, and how. */
export interface Reading {
  readonly document: Document.Parsed;
  readonly source: string;
  readonly lines: Lines;
  readonly targets: Targets;
  readonly unmask: (text: string) => string;
}

/** Offsets at which the lines of a text begin. */
export type Lines = readonly number[];

/** The lines of a text. The parser counts lines too, but passes over some where it cannot go on. */
export const linesOf = (text: string): Lines => {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
};

/** Where an offset is. */
export const placeAt = (lines: Lines, offset: number): Place => {
  let low = 0;
  let high = lines.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 };
};

/** Finds places in what was read. */
export const locatorOf = (reading: Reading): Locate => {
  const { source, lines } = reading;
  return (path, pointer = {}) => {
    const { key, value } = find(reading, path);
    const node = pointer.key === true ? (key ?? value) : (value ?? key);
    const [start, end] = node?.range ?? [0, 0];
    const { expression } = pointer;
    return placeAt(lines, expression === undefined ? start : expressionIn(source, start, end, expression));
  };
};

interface Found {
  readonly key: SourceNode;
  readonly value: SourceNode;
}

const find = ({ document, targets, unmask }: Reading, path: Path): Found => {
  let key: SourceNode = null;
  let value: SourceNode = document.contents;
  for (const part of path) {
    while (isAlias(value)) value = targets.get(value) ?? null;
    if (isSeq<ParsedNode>(value) && typeof part === 'number' && value.items[part] !== undefined) {
      key = null;
      value = value.items[part];
      continue;
    }
    if (!isMap<ParsedNode, SourceNode>(value)) break;
    // The last one: of keys that stand there twice, it is the one that counts.
    const pair = value.items.findLast(({ key }) => isScalar(key) && nameOf(key, unmask) === String(part));
    if (pair === undefined) break;
    key = pair.key;
    value = pair.value;
  }
  return { key, value };
};

const nameOf = (
  key: { readonly value: unknown; readonly source?: string },
  unmask: (text: string) => string,
): string => unmask(typeof key.value === 'string' ? key.value : (key.source ?? ''));

/** Offset of a part of an expression; where escapes or folded lines hide it, of the expression or of its text. */
const expressionIn = (
  source: string,
  start: number,
  end: number,
  { whole, begin, offset }: NonNullable<Pointer['expression']>,
): number => {
  const written = source.slice(start, end);
  const verbatim = written.indexOf(whole);
  if (verbatim !== -1) return start + verbatim + begin + offset;
  let mark = -1;
  for (let count = whole.slice(0, begin).split('${').length - 1; count > 0; count -= 1) {
    mark = written.indexOf('${', mark + 1);
    if (mark === -1) return start;
  }
  const upTo = whole.slice(begin, begin + offset);
  const isClear = mark !== -1 && written.startsWith(upTo, mark + 2);
  return mark === -1 ? start : start + mark + 2 + (isClear ? offset : 0);
};
