import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { collectionOf } from '../../src/projections/collection-of.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { createRetainer } from '../../src/engine/retention/retainer.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { simulatedReadModels } from '../simulation/simulated-read-models.ts';
import { CALLER } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { takes } from './runs.ts';
import type { Scenario, Stage } from './scenarios.ts';

const YAML = 'workflow: brief\nretention: { after: 30d, archive: true }\nactivities:\n  - name: pack\n';

const PATIENT = 30_000;
const DAYS = 86_400_000;

/** Removes an execution after it has ended. */
const removeEnded = async ({ log, clock, definitions, end, id }: Stage): Promise<void> => {
  await end(id);
  clock.advance(31 * DAYS);
  const readModels = simulatedReadModels();
  const projector = startProjector({ log, readModels, projections: PROJECTIONS, clock });
  const ids = countingIds(0.5, 7);
  const never = new AbortController().signal;
  const retainer = createRetainer({
    log,
    world: { clock, ids },
    envelopes: createEnvelopes('a-node', ids),
    readModels,
    collections: { of: async (name) => collectionOf(name, 1) },
    archives: {
      write: async (title, lines) => {
        let bytes = 0;
        for await (const line of lines) bytes += line.length;
        return { name: `${title}-0123456789ab.ndjson.gz`, digest: 'sha256:0123456789ab', bytes };
      },
    },
    definitions,
    logger: keepingLogger(),
    floor: () => log.end(),
    over: never,
  });
  const names = PROJECTIONS.map(({ name }) => name);
  await projector.waitFor(await log.end(), names, PATIENT);
  await retainer.retain({ workflow: 'brief', dryRun: false }, CALLER);
  await projector.stop();
};

/** What becomes of executions that are kept no longer. */
export const RETAINED: readonly Scenario[] = [
  {
    name: 'removed',
    yaml: YAML,
    activities: (clock) => ({ pack: takes(clock, 40, null) }),
    play: removeEnded,
  },
];
