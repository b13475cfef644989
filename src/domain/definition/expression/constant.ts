import { ExpressionError } from '../definition.ts';
import type { Json } from '../../json.ts';
import { compileExpression } from './expression.ts';
import { splitTemplate } from './template-text.ts';

/** The value of a condition that is the same in every run; `undefined` for one that asks what a run knows, or fails. */
export const constantOf = (condition: Json): Json | undefined => {
  if (typeof condition !== 'string') return condition;
  const [piece, ...more] = splitTemplate(condition.trim());
  if (piece?.kind !== 'expression' || more.length > 0) return undefined;
  const expression = compileExpression(piece.text);
  if ('code' in expression || expression.uses.references.length > 0) return undefined;
  try {
    return expression.evaluate({}, '');
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
};
