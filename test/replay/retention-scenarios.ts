import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { collectionOf } from '../../src/projections/collection-of.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { createRetainer, type Retainer } from '../../src/engine/retention/retainer.ts';
import type { Archives } from '../../src/ports/archives.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { simulatedReadModels } from '../simulation/simulated-read-models.ts';
import { CALLER } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { takes } from './runs.ts';
import type { Scenario, Stage } from './scenarios.ts';

const YAML = 'workflow: brief\nretention: { after: 30d, archive: true }\nactivities:\n  - name: pack\n';

const PATIENT = 30_000;
const DAYS = 86_400_000;

/** Archives that are kept as long as they are used. */
const archivesInMemory = (): Archives => {
  const kept = new Map<string, readonly string[]>();
  return {
    write: async (title, lines) => {
      const name = `${title}-0123456789ab.ndjson.gz`;
      const written: string[] = [];
      for await (const line of lines) written.push(line);
      kept.set(name, written);
      return { name, digest: 'sha256:0123456789ab', bytes: written.join('').length };
    },
    read: async function* (name) {
      yield* kept.get(name) ?? [];
    },
  };
};

/** Removes an execution after it has ended, and then does something more. */
const removeEnded = async (
  { log, clock, definitions, end, id }: Stage,
  then: (retainer: Retainer, archive: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> => {
  // As a server shows it until its next scavenge.
  const kept = { ...log, truncate: () => Promise.resolve() };
  await end(id);
  clock.advance(31 * DAYS);
  const readModels = simulatedReadModels();
  const projector = startProjector({ log, readModels, projections: PROJECTIONS, clock });
  const ids = countingIds(0.5, 7);
  const never = new AbortController().signal;
  const retainer = createRetainer({
    log: kept,
    world: { clock, ids },
    envelopes: createEnvelopes('a-node', ids),
    readModels,
    collections: { of: async (name) => collectionOf(name, 1) },
    archives: archivesInMemory(),
    definitions,
    logger: keepingLogger(),
    floor: () => log.end(),
    over: never,
  });
  const names = PROJECTIONS.map(({ name }) => name);
  await projector.waitFor(await log.end(), names, PATIENT);
  const [outcome] = await retainer.retain({ workflow: 'brief', dryRun: false }, CALLER);
  await then(retainer, outcome?.archives[0]?.name ?? '');
  await projector.stop();
};

/** What becomes of executions that are kept no longer. */
export const RETAINED: readonly Scenario[] = [
  {
    name: 'removed',
    yaml: YAML,
    activities: (clock) => ({ pack: takes(clock, 40, null) }),
    play: (stage) => removeEnded(stage),
  },
  {
    name: 'restored-as-it-had-ended',
    yaml: YAML,
    activities: (clock) => ({ pack: takes(clock, 40, null) }),
    play: (stage) =>
      removeEnded(stage, async (retainer, archive) => {
        stage.clock.advance(DAYS);
        await retainer.bringBack(archive, CALLER);
      }),
  },
  {
    name: 'truncated',
    yaml: YAML,
    activities: (clock) => ({ pack: takes(clock, 40, null) }),
    play: (stage) =>
      removeEnded(stage, async (retainer) => {
        stage.clock.advance(DAYS);
        await retainer.truncate({ workflow: 'brief', dryRun: false }, CALLER);
      }),
  },
];
