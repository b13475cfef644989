import { childrenOf, type Node } from './syntax.ts';

type Comprehension = Extract<Node['exprKind'], { case: 'comprehensionExpr' }>['value'];

const RESULT = '@result';

/**
 * Rewrites what macros such as `map` and `all` were expanded to: each turn of a loop is counted,
 * and lists grow in place instead of being joined anew, which took quadratic time and a deep stack.
 */
export const boundLoops = (node: Node): void => {
  for (const child of childrenOf(node)) boundLoops(child);
  if (node.exprKind.case !== 'comprehensionExpr') return;
  const loop = node.exprKind.value;
  if (loop.loopCondition !== undefined) loop.loopCondition = call(node, '@turn', [loop.loopCondition]);
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
