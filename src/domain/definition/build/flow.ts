import type { BreakerPolicy } from '../../flow/breaker.ts';
import type { Json } from '../../json.ts';
import { show } from '../expression/show.ts';
import type { Path, Report } from '../report.ts';
import { asDuration, asNumber, field } from './fields.ts';

/** What holds where a definition says nothing. */
const BREAKER = { threshold: 5, reset: 60_000 };

/** Milliseconds of a length of time that is more than none; `undefined` where there is none. */
const buildLength = (value: Json | undefined, path: Path, report: Report): number | undefined => {
  const length = asDuration(value);
  if (length !== 0) return length;
  const message = `Expected a duration of more than 0, but found ${show(value ?? null)}.`;
  report.problem(path, 'WRONG_VALUE', message);
  return undefined;
};

/** When calls of a step's activity are not made; `undefined` where nothing is said. A step's own goes before the definition's, field by field. */
export const buildBreaker = (
  own: Json | undefined,
  shared: Json | undefined,
  path: Path,
  report: Report,
): BreakerPolicy | undefined => {
  if (own === undefined && shared === undefined) return undefined;
  const ownLength = (name: string) => buildLength(field(own, name), [...path, name], report);
  const timeout = ownLength('timeout') ?? asDuration(field(shared, 'timeout'));
  return {
    threshold: asNumber(field(own, 'threshold') ?? field(shared, 'threshold')) ?? BREAKER.threshold,
    ...(timeout === undefined ? {} : { timeout }),
    reset: ownLength('reset') ?? asDuration(field(shared, 'reset')) ?? BREAKER.reset,
  };
};
