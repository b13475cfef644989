import type { ActivityStep } from '../definition.ts';
import { show } from '../expression/show.ts';
import type { Json } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { asDuration, field } from './fields.ts';
import { DEFAULT_ATTEMPT_TIMEOUT } from './retry.ts';

/** Milliseconds that something may take, which is more than none; `undefined` where it is not limited. */
export const buildLimit = (value: Json | undefined, path: Path, report: Report): number | undefined => {
  const limit = asDuration(value);
  if (limit !== 0) return limit;
  report.problem(
    path,
    'WRONG_VALUE',
    `Expected a duration of more than 0, but found ${show(value ?? null)}.`,
  );
  return undefined;
};

/** Fields that are there where they have a value. */
const given = <Name extends string>(
  name: Name,
  value: number | undefined,
): { readonly [N in Name]?: number } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: number });

/** How long an activity may take; a duration alone is that of one attempt. */
export const buildTimeouts = (
  timeout: Json | undefined,
  path: Path,
  report: Report,
): Pick<ActivityStep, 'attemptTimeout' | 'stepTimeout' | 'queueTimeout' | 'heartbeatTimeout'> => {
  const limit = (name: string) => buildLimit(field(timeout, name), [...path, name], report);
  const attempt = asDuration(timeout) ?? asDuration(field(timeout, 'attempt'));
  return {
    attemptTimeout: attempt ?? DEFAULT_ATTEMPT_TIMEOUT,
    ...given('stepTimeout', limit('step')),
    ...given('queueTimeout', limit('queue')),
    ...given('heartbeatTimeout', limit('heartbeat')),
  };
};

/** How long a block or a child may take: a duration, or that of the step, since nothing of it is called. */
export const buildWholeTimeout = (
  timeout: Json | undefined,
  path: Path,
  report: Report,
): Pick<ActivityStep, 'stepTimeout'> => {
  for (const name of ['attempt', 'queue', 'heartbeat']) {
    if (field(timeout, name) === undefined) continue;
    const message = `Expected the time-out of a step that runs steps or a workflow to be a duration or "step", but found "${name}".`;
    report.problem([...path, name], 'FIELD_NOT_USED', message, { key: true });
  }
  const limit = buildLimit(timeout, path, report);
  return given('stepTimeout', limit ?? buildLimit(field(timeout, 'step'), [...path, 'step'], report));
};

/** How long a run may take: a duration, or that of the run; nothing where it is not limited. */
export const buildRunTimeout = (
  timeout: Json | undefined,
  path: Path,
  report: Report,
): { readonly runTimeout?: number } => {
  const limit = buildLimit(timeout, path, report);
  return given('runTimeout', limit ?? buildLimit(field(timeout, 'run'), [...path, 'run'], report));
};
