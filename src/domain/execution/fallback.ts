import type { Fallback, Step } from '../definition/definition.ts';
import { isOfBulkhead } from './limit-refusals.ts';

/** What answers for a step that failed with an error of a type; `undefined` where nothing does. */
export const fallbackFor = (step: Step, errorType: string | undefined): Fallback | undefined => {
  const ofBulkhead = step.kind === 'activity' && isOfBulkhead(errorType) ? step.bulkheadFallback : undefined;
  return ofBulkhead ?? step.fallback;
};
