import { Rejection } from '../../domain/rejection.ts';
import { versionKey, type VersionDocument } from '../../projections/versions.projection.ts';
import type { Views } from '../views.ts';
import type { ExecutionsFilter } from './filter.ts';

/** A filter by a version as one by its definition. Rejects with `BAD_USER_INPUT`, `VERSION_NOT_FOUND`. */
export const withDefinition = async (views: Views, filter: ExecutionsFilter): Promise<ExecutionsFilter> => {
  const { version, workflow, definition } = filter;
  if (version === undefined) return filter;
  const details = { field: 'filter.version', found: version };
  if (workflow === undefined || definition !== undefined) {
    throw new Rejection(
      'BAD_USER_INPUT',
      'Expected a version to be that of a workflow, but the filter names no workflow, or a definition besides.',
      { ...details, expected: '"workflow" beside it, and no "definition"' },
    );
  }
  const found = await views.get<VersionDocument>('versions', versionKey(workflow, version));
  if (found !== undefined) return { ...filter, definition: found.doc.definition };
  throw new Rejection(
    'VERSION_NOT_FOUND',
    `Expected a version of the workflow ${JSON.stringify(workflow)}, but it has none of number ${version}.`,
    details,
  );
};
