import { childrenOf, type Node, type Syntax } from './syntax.ts';

/** A name that an expression reads, with the members that follow it: `steps.charge.output` is three names. */
export interface Reference {
  readonly names: readonly string[];
  readonly offset: number;
  /** Inside of `has()`, which asks whether it is there. */
  readonly isTested: boolean;
}

/** A function that an expression calls. */
export interface Call {
  readonly name: string;
  readonly offset: number;
}

/** What an expression reads and calls; variables of its own macros left out. */
export interface Uses {
  readonly references: readonly Reference[];
  readonly calls: readonly Call[];
  /** Message types that it tries to make. */
  readonly messages: readonly Call[];
}

/** Collects what an expression uses. */
export const usesOf = ({ root, offsetOf }: Syntax): Uses => {
  const references: Reference[] = [];
  const calls: Call[] = [];
  const messages: Call[] = [];

  const walk = (node: Node, bound: ReadonlySet<string>): void => {
    const names = pathOf(node);
    if (names !== undefined) {
      if (names[0] !== undefined && !bound.has(names[0]))
        references.push({ names, offset: startOf(node, offsetOf), isTested: isTest(node) });
      return;
    }
    const { exprKind } = node;
    if (exprKind.case === 'comprehensionExpr') {
      const { iterVar, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      const inner = new Set([...bound, iterVar, accuVar]);
      for (const child of [iterRange, accuInit]) if (child !== undefined) walk(child, bound);
      for (const child of [loopCondition, loopStep, result]) if (child !== undefined) walk(child, inner);
      return;
    }
    if (exprKind.case === 'callExpr') calls.push({ name: exprKind.value.function, offset: offsetOf(node) });
    if (exprKind.case === 'structExpr' && exprKind.value.messageName !== '')
      messages.push({ name: exprKind.value.messageName, offset: offsetOf(node) });
    for (const child of childrenOf(node)) walk(child, bound);
  };

  walk(root, new Set());
  return { references, calls, messages };
};

const isTest = ({ exprKind }: Node): boolean => exprKind.case === 'selectExpr' && exprKind.value.testOnly;

/** The names of `a.b["c"]`; `undefined` for a node that is no such path. */
const pathOf = ({ exprKind }: Node): readonly string[] | undefined => {
  if (exprKind.case === 'identExpr') return [exprKind.value.name];
  if (exprKind.case === 'selectExpr') {
    const { operand, field } = exprKind.value;
    const before = operand === undefined ? undefined : pathOf(operand);
    return before === undefined ? undefined : [...before, field];
  }
  if (exprKind.case !== 'callExpr' || exprKind.value.function !== '_[_]') return undefined;
  const [operand, index] = exprKind.value.args;
  if (operand === undefined || index?.exprKind.case !== 'constExpr') return undefined;
  const { constantKind } = index.exprKind.value;
  if (constantKind.case !== 'stringValue') return undefined;
  const before = pathOf(operand);
  return before === undefined ? undefined : [...before, constantKind.value];
};

const startOf = (node: Node, offsetOf: (node: Node) => number): number => {
  const { exprKind } = node;
  if (exprKind.case === 'selectExpr' && exprKind.value.operand !== undefined)
    return startOf(exprKind.value.operand, offsetOf);
  if (exprKind.case === 'callExpr' && exprKind.value.args[0] !== undefined)
    return startOf(exprKind.value.args[0], offsetOf);
  return offsetOf(node);
};
