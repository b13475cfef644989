import { Rejection } from '../domain/rejection.ts';

/** The answer to whoever names a projection that there is not. */
export const projectionNotFound = (name: string, names: readonly string[]): Rejection =>
  new Rejection('PROJECTION_NOT_FOUND', `Expected the name of a projection, but there is no "${name}".`, {
    field: 'name',
    found: name,
    expected: names,
  });
