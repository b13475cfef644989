import { cut } from '../cut.ts';
import { evaluate } from './evaluate.ts';
import { scopeOf } from './scope.ts';
import type { Spot } from './spot.ts';
import type { Turn } from './turn.ts';

/** Characters of a label that are kept, as UTF-16 counts them. */
const LONGEST = 200;

/** What to call a step that begins; nothing where nobody says that, or it cannot be had: a label changes nothing in a run. */
export const labelOf = (turn: Turn, { step: { label }, branch }: Spot): { readonly label?: string } => {
  if (label === undefined) return {};
  const found = evaluate(() => label.evaluate(scopeOf(turn, branch)));
  if (!found.ok || found.value === null || found.value === '') return {};
  const text = typeof found.value === 'string' ? found.value : JSON.stringify(found.value);
  return { label: cut(text, LONGEST).toWellFormed() };
};
