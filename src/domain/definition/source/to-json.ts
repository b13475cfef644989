import { isAlias, isMap, isScalar, isSeq, type Document, type ParsedNode } from 'yaml';
import type { Json } from '../../json.ts';

/** A document that grows beyond its bounds when its aliases are followed, or holds what JSON cannot. */
export class UnreadableTree extends Error {
  readonly code: string;
  readonly place: { readonly line: number; readonly column: number };

  constructor(code: string, message: string, place: { readonly line: number; readonly column: number }) {
    super(message);
    this.code = code;
    this.place = place;
  }
}

const MAX_DEPTH = 64;
const MAX_NODES = 200_000;

/** The document as JSON, aliases followed. Throws `UnreadableTree`. */
export const toJson = (
  document: Document.Parsed,
  unmask: (text: string) => string,
  placeAt: (offset: number) => { readonly line: number; readonly column: number },
): Json => {
  let nodes = 0;
  const fail = (node: ParsedNode | null, code: string, message: string): UnreadableTree =>
    new UnreadableTree(code, message, placeAt(node?.range[0] ?? 0));

  const convert = (node: ParsedNode | null, depth: number): Json => {
    nodes += 1;
    if (nodes > MAX_NODES)
      throw fail(node, 'ALIAS_BOMB', `Expected at most ${MAX_NODES} values, but aliases make more of them.`);
    if (depth > MAX_DEPTH)
      throw fail(node, 'TOO_DEEP', `Expected at most ${MAX_DEPTH} levels, but this is one more.`);
    if (node === null) return null;
    if (isAlias(node)) {
      const target = node.resolve(document) as ParsedNode | undefined;
      if (target === undefined)
        throw fail(node, 'INVALID_YAML', `Expected an anchor "&${node.source}" before, but there is none.`);
      return convert(target, depth + 1);
    }
    if (isSeq<ParsedNode>(node)) return node.items.map((item) => convert(item, depth + 1));
    if (isMap<ParsedNode, ParsedNode | null>(node)) {
      return Object.fromEntries(node.items.map(({ key, value }) => [keyOf(key), convert(value, depth + 1)]));
    }
    return isScalar(node) ? scalar(node, node.value) : null;
  };

  const keyOf = (key: ParsedNode): string => {
    if (isScalar(key)) return unmask(String(key.value));
    throw fail(key, 'INVALID_YAML', 'Expected a name as a key, but found a list, a map or an alias.');
  };

  const scalar = (node: ParsedNode, value: unknown): Json => {
    switch (typeof value) {
      case 'string':
        return unmask(value);
      case 'boolean':
        return value;
      case 'number':
        if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
          throw fail(node, 'BAD_NUMBER', `Expected a number that JSON holds exactly, but found ${value}.`);
        return value;
      default:
        if (value === null) return null;
        throw fail(node, 'INVALID_YAML', 'Expected a value that JSON can hold, but this is none.');
    }
  };

  return convert(document.contents, 1);
};
