import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Document,
  type ParsedNode,
  type Scalar,
} from 'yaml';
import type { Json } from '../../json.ts';
import type { ProblemCode } from '../problem-codes.ts';
import type { Path } from '../report.ts';

/** A node of the parsed source. */
export type SourceNode = ParsedNode | null;

/** What an alias stands for; `undefined` for one whose anchor is not there. */
export type Targets = ReadonlyMap<Alias.Parsed, SourceNode>;

/** What is said about a node while it is read. */
export type Complain = (node: SourceNode, path: Path, code: ProblemCode, message: string) => void;

/** A document grows beyond its bounds; reading stops. */
export class Unbounded extends Error {
  readonly code: ProblemCode;
  readonly node: SourceNode;

  constructor(code: ProblemCode, message: string, node: SourceNode) {
    super(message);
    this.code = code;
    this.node = node;
  }
}

const MAX_DEPTH = 64;
const MAX_NODES = 200_000;
const MAX_TEXT = 1_048_576;

/**
 * The document as JSON, aliases followed. What JSON cannot hold is complained of, and null or 0 in its place.
 * Throws `Unbounded`.
 */
export const toJson = (
  document: Document.Parsed,
  unmask: (text: string) => string,
  complain: Complain,
): { readonly value: Json; readonly targets: Targets } => {
  const anchors = new Map<string, SourceNode>();
  const targets = new Map<Alias.Parsed, SourceNode>();
  let nodes = 0;
  let characters = 0;
  let following = 0;

  const text = (masked: string, node: SourceNode, path: Path): string => {
    const written = unmask(masked);
    characters += written.length;
    if (characters > MAX_TEXT)
      throw new Unbounded(
        'ALIAS_BOMB',
        'Expected at most 1 MiB of text, aliases followed, but there is more.',
        node,
      );
    if (!written.isWellFormed())
      complain(node, path, 'BAD_CHARACTER', 'Expected Unicode text, but it has half of a surrogate pair.');
    return written;
  };

  /** What an alias stands for was read before: its anchors are not given once more. */
  const anchor = (node: ParsedNode): void => {
    if (following === 0 && 'anchor' in node && node.anchor !== undefined) anchors.set(node.anchor, node);
  };

  const convert = (node: SourceNode, path: Path): Json => {
    nodes += 1;
    if (nodes > MAX_NODES)
      throw new Unbounded(
        'ALIAS_BOMB',
        `Expected at most ${MAX_NODES} values, aliases followed, but there are more.`,
        node,
      );
    if (path.length >= MAX_DEPTH)
      throw new Unbounded('TOO_DEEP', `Expected at most ${MAX_DEPTH} levels, but this is one more.`, node);
    if (node === null) return null;
    if (isAlias(node)) return follow(node, path);
    anchor(node);
    if (isSeq<ParsedNode>(node)) return node.items.map((item, index) => convert(item, [...path, index]));
    if (isMap<ParsedNode, SourceNode>(node)) {
      const fields = new Map<string, Json>();
      for (const { key, value } of node.items) {
        const name = keyOf(key, path);
        if (name === undefined) continue;
        if (fields.has(name))
          complain(
            key,
            [...path, name],
            'DUPLICATE_KEY',
            `Expected "${name}" once, but it stands here again.`,
          );
        fields.set(name, convert(value, [...path, name]));
      }
      return Object.fromEntries(fields);
    }
    return isScalar(node) ? scalar(node, path) : null;
  };

  const follow = (node: Alias.Parsed, path: Path): Json => {
    if (!targets.has(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) {
        const message = `Expected an anchor "&${node.source}" before, but there is none.`;
        complain(node, path, 'UNKNOWN_ANCHOR', message);
        return null;
      }
      targets.set(node, target);
    }
    following += 1;
    const value = convert(targets.get(node) ?? null, path);
    following -= 1;
    return value;
  };

  /** A key is what is written, so that 1.0 and true are texts like any other. */
  const keyOf = (key: SourceNode, path: Path): string | undefined => {
    if (isScalar(key)) {
      anchor(key);
      const isPlain = key.type === 'PLAIN' || typeof key.value !== 'string';
      const name = text(isPlain ? (key.source ?? '') : String(key.value), key, path);
      if (isPlain && name === '<<') {
        const message =
          'Expected keys that are written out, but "<<" would merge others, which YAML 1.2 does not.';
        complain(key, [...path, name], 'MERGE_KEY', message);
        return undefined;
      }
      if (name !== '' || !isPlain) return name;
    }
    complain(key, path, 'BAD_KEY', 'Expected a text as a key, but found none, a list, a map or an alias.');
    return undefined;
  };

  const scalar = (node: Scalar.Parsed, path: Path): Json => {
    const value: unknown = node.value;
    if (typeof value === 'string') return text(value, node, path);
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value !== 'number') {
      complain(node, path, 'BAD_TAG', 'Expected a value that JSON can hold, but this is none.');
      return null;
    }
    if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value + 0;
    complain(
      node,
      path,
      'BAD_NUMBER',
      `Expected a number that JSON holds exactly, but found ${node.source}.`,
    );
    return 0;
  };

  return { value: convert(document.contents, []), targets };
};
