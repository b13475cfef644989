import type { EventLog } from '../../src/ports/event-log.ts';
import { eventLogConformance } from '../conformance/event-log.conformance.ts';
import { readModelsConformance } from '../conformance/read-models.conformance.ts';
import { linkedLog } from './linked-log.ts';
import { linkedReadModels } from './linked-read-models.ts';
import { createMoments } from './moments.ts';
import { createLink, type Link } from './network.ts';
import { createRandom } from './random.ts';
import { simulatedLog } from './simulated-log.ts';
import { simulatedReadModels } from './simulated-read-models.ts';
import { virtualClock } from './virtual-clock.ts';
import { calm } from './weather.ts';

// What the simulator is made of must not lie.
const random = createRandom('conformance');
const opened = (log: EventLog) => async () => ({ log, close: log.close });
const calmLink = (): Link =>
  createLink({
    weather: calm(),
    clock: virtualClock().owned('link'),
    gate: { pass: (_heard, work) => work() },
    random,
    trace: () => undefined,
  });

eventLogConformance('The simulated log', async () => opened(simulatedLog())());
eventLogConformance('The simulated log with gaps', async () =>
  opened(simulatedLog({ step: () => random.int(1, 5) }))(),
);
eventLogConformance('The simulated log that shows nothing of what was given up', async () =>
  opened(simulatedLog({ sweeps: () => true }))(),
);
eventLogConformance('The simulated log over a link', async () =>
  opened(linkedLog(simulatedLog(), calmLink(), random))(),
);
readModelsConformance('The simulated store', async () => {
  const readModels = simulatedReadModels();
  return { readModels, close: readModels.close };
});
readModelsConformance('The simulated store over a link', async () => {
  const readModels = linkedReadModels(simulatedReadModels(), calmLink(), createMoments());
  return { readModels, close: readModels.close };
});
