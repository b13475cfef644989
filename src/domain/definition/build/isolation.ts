import type { Isolation } from '../definition.ts';
import type { Json } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { asObject, asSize, field } from './fields.ts';
import { warnUnenforced } from './retry.ts';

/** How a step is isolated; `undefined` for one that runs in the process of the server. */
export const buildIsolation = (step: Json, shared: Json | undefined): Isolation | undefined => {
  if (field(step, 'isolate') !== 'process') return undefined;
  const memory = limitOf(field(step, 'resources')) ?? limitOf(shared);
  return memory === undefined ? {} : { memory };
};

const limitOf = (resources: Json | undefined): number | undefined =>
  asSize(field(field(resources, 'memory'), 'limit'));

/** Warns of limits that nothing holds. */
export const warnOfResources = (
  resources: Json | undefined,
  path: Path,
  isIsolated: boolean,
  report: Report,
): void => {
  if (field(field(resources, 'cpu'), 'limit') !== undefined)
    warnUnenforced([...path, 'cpu', 'limit'], report);
  const memory = asObject(field(resources, 'memory')) ?? {};
  if (!Object.hasOwn(memory, 'limit') || isIsolated) return;
  const message =
    'Expected a step with "isolate: process" where memory is limited, but there is none, and within one process it cannot be.';
  report.warning([...path, 'memory', 'limit'], 'NOT_ENFORCED', message, { key: true });
};
