import type { TemplateFields } from '../definition.ts';
import type { Place } from '../expression/check-names.ts';
import { compileTemplate } from '../expression/template.ts';
import type { Json } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { asObject } from './fields.ts';
import { RESERVED } from './outline.ts';

/** Variables, each a template, by name. */
export const buildVariables = (
  value: Json | undefined,
  path: Path,
  place: Place,
  report: Report,
): TemplateFields =>
  Object.fromEntries(
    Object.entries(asObject(value) ?? {}).map(([name, source]) => {
      if (RESERVED.includes(name)) {
        const message = `Expected another name for a variable, but "workflow.${name}" is the run's own.`;
        report.problem([...path, name], 'RESERVED_NAME', message, { key: true });
      }
      return [name, compileTemplate(source, [...path, name], place, report)];
    }),
  );
