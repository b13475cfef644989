import type { EventLog } from '../../src/ports/event-log.ts';
import { eventLogConformance } from '../conformance/event-log.conformance.ts';
import { readModelsConformance } from '../conformance/read-models.conformance.ts';
import { simulatedLog } from './simulated-log.ts';
import { simulatedReadModels } from './simulated-read-models.ts';

const openLog = (step: () => number) => async (): Promise<{ log: EventLog; close(): Promise<void> }> => {
  const log = simulatedLog({ step });
  return { log, close: log.close };
};

// What the simulator is made of must not lie.
eventLogConformance(
  'The simulated log',
  openLog(() => 1),
);
let gap = 0;
eventLogConformance(
  'The simulated log with gaps',
  openLog(() => 1 + (gap++ % 5)),
);
readModelsConformance('The simulated store', async () => {
  const readModels = simulatedReadModels();
  return { readModels, close: readModels.close };
});
