import { Rejection } from '../../domain/rejection.ts';

/** A moment of the past: a position of the log, a revision of the execution's stream, or a time (ms since the Unix epoch). */
export type AsOf =
  | { readonly by: 'position'; readonly position: bigint }
  | { readonly by: 'revision'; readonly revision: number }
  | { readonly by: 'at'; readonly at: number };

/** A moment of the whole log. */
export type LogMoment = Exclude<AsOf, { readonly by: 'revision' }>;

/** The refusal of a moment that has not come yet: what it will have been like can still change. */
export const notYet = (field: AsOf['by'], found: string, latest: string): Rejection =>
  new Rejection('AS_OF_AHEAD', `Expected a moment that has come (at most ${latest}), but found ${found}.`, {
    field: `asOf.${field}`,
    found,
    expected: `at most ${latest}`,
  });
