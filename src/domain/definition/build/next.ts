import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { didYouMean } from '../suggest.ts';
import { asText, field } from './fields.ts';

/** Reports a `next` that names no step of the lists that the step is in, the innermost first. */
export const checkNext = (
  step: JsonObject,
  path: Path,
  lists: readonly (readonly Json[])[],
  report: Report,
): void => {
  const next = asText(step['next']);
  if (next === undefined) return;
  const names = lists.flat().map((other) => asText(field(other, 'name')) ?? '');
  if (names.includes(next)) return;
  const message = `Expected the name of a step that the run can go on at from here, but found "${next}": a step of the same list, or of one around it that is no "parallel" or "foreach".${didYouMean(next, names)}`;
  report.problem([...path, 'next'], 'UNKNOWN_STEP', message);
};
