import type { Definition } from '../domain/definition/definition.ts';
import type { Json } from '../domain/json.ts';
import { Rejection } from '../domain/rejection.ts';

/** Throws `INVALID_INPUT` with all that is wrong with an input that a workflow does not take. */
export const checkInput = ({ workflow, checkInput: check }: Definition, input: Json): void => {
  const problems = check(input);
  if (problems.length === 0) return;
  throw new Rejection(
    'INVALID_INPUT',
    `Expected an input that "${workflow}" takes, but ${problems.join('; ')}.`,
    { field: 'input', problems },
  );
};
