import { Rejection } from '../domain/rejection.ts';

/** There is no execution with an id. */
export const executionNotFound = (field: string, id: string): Rejection =>
  new Rejection(
    'EXECUTION_NOT_FOUND',
    `Expected the id of an execution, but there is none with ${JSON.stringify(id)}.`,
    { field, found: id },
  );
