import { isCelError, plan, type CelInput } from '@bufbuild/cel';
import { ExpressionError, type Scope } from '../definition.ts';
import type { Json } from '../../json.ts';
import { isOverBudget, openBudget } from './budget.ts';
import { ENVIRONMENT } from './environment.ts';
import { explain } from './explain.ts';
import { fromCel, NotJson, toCel } from './json-values.ts';
import { memberPathOf, readMemberPath, ROOTS } from './member-path.ts';
import { NoValue } from './no-value.ts';
import { usesOf, type Uses } from './references.ts';
import { rewriteMacros } from './rewrite.ts';
import { parseSyntax, type SyntaxProblem } from './syntax.ts';

/** An expression that was parsed. */
export interface Expression {
  readonly text: string;
  readonly uses: Uses;
  /** Throws `ExpressionError`, which says where the expression stands. */
  evaluate(scope: Scope, path: string): Json;
}

/** Compiles CEL, or says why it cannot be. */
export const compileExpression = (text: string): Expression | SyntaxProblem =>
  compileMemberPath(text) ?? compileCel(text);

const compileMemberPath = (text: string): Expression | undefined => {
  const names = memberPathOf(text);
  if (names === undefined) return undefined;
  const offset = text.length - text.trimStart().length;
  return {
    text,
    uses: { references: [{ names, offset, isTested: false }], calls: [], messages: [] },
    evaluate: (scope, path) => {
      try {
        return readMemberPath(scope, names);
      } catch (error) {
        if (!(error instanceof NoValue)) throw error;
        throw new ExpressionError(text, path, error.message);
      }
    },
  };
};

const compileCel = (text: string): Expression | SyntaxProblem => {
  const syntax = parseSyntax(text);
  if ('code' in syntax) return syntax;
  const uses = usesOf(syntax);
  rewriteMacros(syntax.root);
  const run = plan(ENVIRONMENT, syntax.root);
  const roots = [...new Set(uses.references.map(({ names }) => names[0] ?? ''))];

  const bind = (scope: Scope): Record<string, CelInput> => {
    const bound: Record<string, CelInput> = {};
    for (const root of roots) {
      if (Object.hasOwn(ROOTS, root) || Object.hasOwn(scope, root))
        bound[root] = toCel(scope[root as keyof Scope] ?? null);
    }
    return bound;
  };

  return {
    text,
    uses,
    evaluate: (scope, path) => {
      openBudget();
      const fail = (message: string): ExpressionError =>
        new ExpressionError(text, path, explain(text, message, uses, scope));
      const value = run(bind(scope));
      if (isOverBudget()) throw fail('takes more work than one expression may');
      if (isCelError(value)) throw fail(value.message);
      try {
        return fromCel(value);
      } catch (error) {
        if (error instanceof NotJson) throw fail(`its value is ${error.message}`);
        throw error;
      }
    },
  };
};
