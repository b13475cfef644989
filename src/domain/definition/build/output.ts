import type { TemplateFields } from '../definition.ts';
import type { Place } from '../expression/check-names.ts';
import { compileTemplate } from '../expression/template.ts';
import type { Json } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { asObject } from './fields.ts';

/** What a run gives at its end, each field a template; `undefined` where nothing is said of that. */
export const buildOutput = (
  value: Json | undefined,
  path: Path,
  place: Place,
  report: Report,
): TemplateFields | undefined => {
  const fields = asObject(value);
  if (fields === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(fields).map(([name, source]) => [
      name,
      compileTemplate(source, [...path, name], place, report),
    ]),
  );
};
