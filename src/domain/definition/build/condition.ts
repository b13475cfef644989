import type { Template } from '../definition.ts';
import type { Place } from '../expression/check-names.ts';
import { ROOTS } from '../expression/member-path.ts';
import { show } from '../expression/show.ts';
import { splitTemplate } from '../expression/template-text.ts';
import { compileTemplate } from '../expression/template.ts';
import type { Json } from '../../json.ts';
import type { Path, Report } from '../report.ts';

/** A condition is true, false, or one expression and nothing around it. */
export const buildCondition = (
  value: Json | undefined,
  path: Path,
  place: Place,
  report: Report,
): Template | undefined => {
  if (typeof value !== 'string')
    return typeof value === 'boolean' ? compileTemplate(value, path, place, report) : undefined;
  requireExpression(value, path, report);
  return compileTemplate(value, path, place, report);
};

const BARE = new RegExp(`^!?(?:${Object.keys(ROOTS).join('|')})\\b`);

/** Reports a text that is not exactly one `${…}`. */
export const requireExpression = (text: string, path: Path, report: Report): boolean => {
  const pieces = splitTemplate(text.trim());
  if (pieces.length === 1 && pieces[0]?.kind !== 'text') return true;
  const isBare = pieces.every(({ kind }) => kind === 'text') && BARE.test(text);
  const hint = isBare ? ` Did you mean "\${${text}}"?` : '';
  const message = `Expected one expression \${…} and nothing around it, but found ${show(text)}.${hint}`;
  report.problem(path, 'BAD_EXPRESSION', message);
  return false;
};
