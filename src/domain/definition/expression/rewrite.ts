import { childrenOf, measure, type Node } from './syntax.ts';

type Comprehension = Extract<Node['exprKind'], { case: 'comprehensionExpr' }>['value'];

const RESULT = '@result';

/** Parts of a loop's body that count as much as its turn. */
const PARTS = 16;

/**
 * Rewrites what macros were expanded to: each turn of a loop is counted, by the size of what it evaluates;
 * lists grow in place instead of being joined anew, which took quadratic time and a deep stack; `has()` is true
 * for a key whose value is null.
 */
export const rewriteMacros = (node: Node): void => {
  for (const child of childrenOf(node)) rewriteMacros(child);
  const { exprKind } = node;
  if (exprKind.case === 'selectExpr' && exprKind.value.testOnly && exprKind.value.operand !== undefined) {
    const { operand, field } = exprKind.value;
    node.exprKind = call(node, '@has', [
      operand,
      constant(node, { case: 'stringValue', value: field }),
    ]).exprKind;
  }
  if (exprKind.case !== 'comprehensionExpr') return;
  const loop = exprKind.value;
  if (loop.loopCondition !== undefined) {
    const parts = [loop.loopCondition, loop.loopStep].map((part) =>
      part === undefined ? 0 : measure(part).nodes,
    );
    const units = 1 + parts.reduce((sum, count) => sum + count, 0) / PARTS;
    const cost = constant(node, { case: 'doubleValue', value: units });
    loop.loopCondition = call(node, '@turn', [loop.loopCondition, cost]);
  }
  if (isEmptyList(loop.accuInit)) collect(node, loop);
};

const collect = (node: Node, loop: Comprehension): void => {
  const step = loop.loopStep;
  if (step?.exprKind.case !== 'callExpr') return;
  loop.accuInit = call(node, '@list', []);
  if (step.exprKind.value.function === '_?_:_') {
    const { args } = step.exprKind.value;
    if (args[1] !== undefined) args[1] = pushed(node, args[1]);
  } else {
    loop.loopStep = pushed(node, step);
  }
};

const pushed = (node: Node, step: Node): Node => {
  if (step.exprKind.case !== 'callExpr' || step.exprKind.value.function !== '_+_') return step;
  const [result, added] = step.exprKind.value.args;
  const isResult = result?.exprKind.case === 'identExpr' && result.exprKind.value.name === RESULT;
  if (!isResult || added?.exprKind.case !== 'listExpr') return step;
  return call(node, '@push', [result, ...added.exprKind.value.elements]);
};

const isEmptyList = (node: Node | undefined): boolean =>
  node?.exprKind.case === 'listExpr' && node.exprKind.value.elements.length === 0;

const call = (at: Node, name: string, args: Node[]): Node => ({
  $typeName: 'cel.expr.Expr',
  id: at.id,
  exprKind: { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: name, args } },
});

type Constant = Extract<Node['exprKind'], { case: 'constExpr' }>['value']['constantKind'];

const constant = (at: Node, constantKind: Constant): Node => ({
  $typeName: 'cel.expr.Expr',
  id: at.id,
  exprKind: { case: 'constExpr', value: { $typeName: 'cel.expr.Constant', constantKind } },
});
