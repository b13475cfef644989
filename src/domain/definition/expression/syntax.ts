import { parse } from '@bufbuild/cel';
import { shortened } from '../../cut.ts';

type Parsed = ReturnType<typeof parse>;

/** A node of a parsed expression. */
export type Node = Parsed['expr'];

/** A parsed expression, and where in its text each node begins. */
export interface Syntax {
  readonly root: Node;
  readonly offsetOf: (node: Node) => number;
}

/** Why a text is no expression, at which offset. */
export interface SyntaxProblem {
  readonly code: 'BAD_EXPRESSION' | 'EXPRESSION_TOO_COMPLEX';
  readonly offset: number;
  readonly message: string;
}

const MAX_LENGTH = 4_096;
const MAX_DEPTH = 64;
const MAX_NODES = 1_000;

/** Parses CEL; a text that is none, or one that is too large, is a problem. */
export const parseSyntax = (text: string): Syntax | SyntaxProblem => {
  if (text.length > MAX_LENGTH) return tooComplex(`${MAX_LENGTH} characters`, `has ${text.length}`);
  if (text.trim() === '')
    return { code: 'BAD_EXPRESSION', offset: 0, message: 'Expected an expression, but it is empty.' };
  let parsed: Parsed;
  try {
    parsed = parse(text);
  } catch (error) {
    return describe(text, error);
  }
  const size = measure(parsed.expr);
  if (size.depth > MAX_DEPTH) return tooComplex(`${MAX_DEPTH} levels`, `has ${size.depth}`);
  if (size.nodes > MAX_NODES) return tooComplex(`${MAX_NODES} parts`, `has ${size.nodes}`);
  const positions = parsed.sourceInfo?.positions ?? {};
  return { root: parsed.expr, offsetOf: ({ id }) => positions[id.toString()] ?? 0 };
};

const tooComplex = (limit: string, found: string): SyntaxProblem => ({
  code: 'EXPRESSION_TOO_COMPLEX',
  offset: 0,
  message: `Expected an expression of at most ${limit}, but it ${found}.`,
});

const describe = (text: string, error: unknown): SyntaxProblem => {
  if (error instanceof RangeError) return tooComplex(`${MAX_DEPTH} levels`, 'has many more');
  const offset = offsetOf(error);
  const rest = text.slice(offset).trim();
  const message =
    offset === 0 || rest === ''
      ? `Expected a CEL expression, but "${shortened(text.trim(), 40)}" is none.`
      : `Expected a CEL expression, but it cannot be read from "${shortened(rest, 40)}" on.`;
  return { code: 'BAD_EXPRESSION', offset, message };
};

const offsetOf = (error: unknown): number => {
  const { location } = error as { location?: { start?: { offset?: unknown } } };
  const offset = location?.start?.offset;
  return typeof offset === 'number' ? offset : 0;
};

/** How deep an expression is nested, and of how many parts it is made. */
export const measure = (node: Node): { readonly depth: number; readonly nodes: number } => {
  let depth = 0;
  let nodes = 0;
  const open: (readonly [Node, number])[] = [[node, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [current, level] = next;
    depth = Math.max(depth, level);
    nodes += 1;
    for (const child of childrenOf(current)) open.push([child, level + 1]);
  }
  return { depth, nodes };
};

/** The nodes right under a node. */
export const childrenOf = ({ exprKind }: Node): readonly Node[] => {
  switch (exprKind.case) {
    case 'selectExpr':
      return present([exprKind.value.operand]);
    case 'callExpr':
      return present([exprKind.value.target, ...exprKind.value.args]);
    case 'listExpr':
      return exprKind.value.elements;
    case 'structExpr':
      return present(
        exprKind.value.entries.flatMap(({ keyKind, value }) =>
          keyKind.case === 'mapKey' ? [keyKind.value, value] : [value],
        ),
      );
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      return present([iterRange, accuInit, loopCondition, loopStep, result]);
    }
    default:
      return [];
  }
};

const present = (nodes: readonly (Node | undefined)[]): readonly Node[] =>
  nodes.filter((node) => node !== undefined);
