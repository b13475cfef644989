import { Rejection } from '../../domain/rejection.ts';
import type { Views } from '../views.ts';
import type { ExecutionsFilter } from './filter.ts';

/** A filter by a version as one by its definition. Rejects with `BAD_USER_INPUT`, `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`. */
export const withDefinition = async (views: Views, filter: ExecutionsFilter): Promise<ExecutionsFilter> => {
  const { version, workflow, definition } = filter;
  if (version === undefined) return filter;
  if (workflow === undefined || definition !== undefined) {
    throw new Rejection(
      'BAD_USER_INPUT',
      'Expected a version to be that of a workflow, but the filter names no workflow, or a definition besides.',
      { field: 'filter.version', found: version, expected: '"workflow" beside it, and no "definition"' },
    );
  }
  const found = await views.requireVersion(
    { field: 'filter.workflow', value: workflow },
    { field: 'filter.version', value: version },
  );
  return { ...filter, definition: found.definition };
};
