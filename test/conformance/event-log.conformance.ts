import { describe } from 'vitest';
import { appendConformance } from './event-log-append.conformance.ts';
import { dataConformance } from './event-log-data.conformance.ts';
import { modelConformance } from './event-log-model.conformance.ts';
import type { Open } from './event-log-samples.ts';
import { subscribeConformance } from './event-log-subscribe.conformance.ts';
import { truncateConformance } from './event-log-truncate.conformance.ts';

/** What every adapter of `EventLog` does. */
export const eventLogConformance = (name: string, open: Open): void => {
  describe(`${name} as an EventLog`, () => {
    appendConformance(open);
    dataConformance(open);
    subscribeConformance(open);
    truncateConformance(open);
    modelConformance(open);
  });
};
