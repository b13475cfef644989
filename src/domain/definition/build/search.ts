import type { Place } from '../expression/check-names.ts';
import { compileTemplate } from '../expression/template.ts';
import type { JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import type { Search } from '../search.ts';
import { asList, asObject } from './fields.ts';

/** What executions are found by; nothing where nothing is said. */
export const buildSearch = (
  execution: JsonObject,
  root: Path,
  place: Place,
  report: Report,
): { readonly search?: Search } => {
  const attributes = Object.entries(asObject(execution['search']) ?? {}).map(
    ([name, source]) => [name, compileTemplate(source, [...root, 'search', name], place, report)] as const,
  );
  const tags = (asList(execution['tags']) ?? []).map((source, index) =>
    compileTemplate(source, [...root, 'tags', index], place, report),
  );
  if (attributes.length === 0 && tags.length === 0) return {};
  return { search: { attributes: Object.fromEntries(attributes), tags } };
};
