import { COMPONENTS, type Component, type Logging, type Tracing } from '../observed.ts';
import type { Json } from '../../json.ts';
import { LOG_LEVELS } from '../../log-level.ts';
import { asNumber, asObject, asTexts, field } from './fields.ts';

/** Without a list, or with one that is empty, all of them. */
const componentsOf = (block: Json | undefined): { readonly components?: readonly Component[] } => {
  const named = asTexts(field(block, 'components'));
  const components = COMPONENTS.filter((component) => named.includes(component));
  return named.length === 0 ? {} : { components };
};

/** What is kept of runs for whoever looks into them; `undefined` when nothing is said of that. */
export const buildTracing = (tracing: Json | undefined): Tracing | undefined => {
  if (asObject(tracing) === undefined) return undefined;
  return {
    enabled: field(tracing, 'enabled') !== false,
    samplingRate: asNumber(field(tracing, 'sampling_rate')) ?? 1,
    capture: field(tracing, 'capture') === true,
    ...componentsOf(tracing),
  };
};

/** Which lines of a run's log are kept; `undefined` when nothing is said of that. */
export const buildLogging = (logging: Json | undefined): Logging | undefined => {
  if (asObject(logging) === undefined) return undefined;
  const level = LOG_LEVELS.find((known) => known === field(logging, 'level')) ?? 'info';
  return { level, ...componentsOf(logging) };
};
