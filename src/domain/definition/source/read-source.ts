import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type ParsedNode,
} from 'yaml';
import type { Json } from '../../json.ts';
import type { Problem } from '../definition.ts';
import type { Path } from '../report.ts';
import { maskExpressions } from './mask.ts';
import { UnreadableTree, toJson } from './to-json.ts';

/** A source that was read: its value, and where in the text each part of it stands. */
export interface Source {
  readonly value: Json;
  /** Line and column, from 1, of the value at a path, or of its key. The nearest part that is there stands for one that is not. */
  readonly locate: (path: Path, pointer?: SourcePointer) => Place;
}

/** What is pointed at: a key, or an offset in a text that stands inside of a value. */
export interface SourcePointer {
  readonly key?: boolean;
  readonly expression?: { readonly text: string; readonly offset: number };
}

/** Line and column, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const MAX_BYTES = 1_048_576;

/** Reads YAML 1.2 or JSON. Whatever is wrong is a problem, never an exception. */
export const readSource = (source: string): Source | readonly Problem[] => {
  const bytes = Buffer.byteLength(source);
  if (bytes > MAX_BYTES)
    return [refused('TOO_LARGE', `Expected a document of at most 1 MiB, but it has ${bytes} bytes.`)];
  const { text, unmask } = maskExpressions(source);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', prettyErrors: false });
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return { line, column: col, path: '', ...inWords(code, unmask(message)) };
  });
  if (problems.length > 0) return problems;
  try {
    const value = toJson(document, unmask, (offset) => placeAt(lines, offset));
    return { value, locate: locator(document, source, lines, unmask) };
  } catch (error) {
    if (error instanceof UnreadableTree)
      return [{ ...error.place, path: '', code: error.code, message: error.message }];
    throw error;
  }
};

const placeAt = (lines: LineCounter, offset: number): Place => {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
};

const refused = (code: string, message: string): Problem => ({ line: 1, column: 1, path: '', code, message });

const inWords = (code: string, message: string): { readonly code: string; readonly message: string } => {
  switch (code) {
    case 'DUPLICATE_KEY':
      return { code, message: 'Expected each key once, but this one stands here again.' };
    case 'MULTIPLE_DOCS':
      return { code: 'INVALID_YAML', message: 'Expected one document, but another begins here.' };
    case 'RESOURCE_EXHAUSTION':
      return { code: 'TOO_DEEP', message: 'Expected at most 64 levels, but there are many more.' };
    default:
      return { code: 'INVALID_YAML', message: `Expected YAML or JSON, but the parser says: ${message}.` };
  }
};

const locator = (
  document: Document.Parsed,
  source: string,
  lines: LineCounter,
  unmask: (text: string) => string,
): Source['locate'] => {
  const find = (path: Path): { readonly key: ParsedNode | null; readonly value: ParsedNode | null } => {
    let key: ParsedNode | null = null;
    let value: ParsedNode | null = document.contents;
    for (const part of path) {
      const resolved: unknown = isAlias(value) ? value.resolve(document) : value;
      if (isSeq<ParsedNode>(resolved) && typeof part === 'number' && resolved.items[part] !== undefined) {
        key = null;
        value = resolved.items[part];
        continue;
      }
      if (!isMap<ParsedNode, ParsedNode | null>(resolved)) break;
      const pair = resolved.items.find(
        ({ key }) => isScalar(key) && unmask(String(key.value)) === String(part),
      );
      if (pair === undefined) break;
      key = pair.key;
      value = pair.value;
    }
    return { key, value };
  };

  return (path, pointer = {}) => {
    const { key, value } = find(path);
    const node = pointer.key === true ? (key ?? value) : (value ?? key);
    const [start, end] = node?.range ?? [0, 0];
    const { expression } = pointer;
    if (expression === undefined) return placeAt(lines, start);
    const inside = source.slice(start, end).indexOf(expression.text);
    return placeAt(lines, inside === -1 ? start : start + inside + expression.offset);
  };
};
