import { systemClock } from '../../src/adapters/system/clock.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import type { Happened } from '../spec/given.ts';
import { Crash, faultyReadModels } from './faulty-read-models.ts';
import { openRunner } from './runner.ts';
import { liveDocuments } from './stores.ts';

const PATIENT = 30_000;
const NAMES = PROJECTIONS.map(({ name }) => name);

/**
 * Folds a history into all views with a crash at every `step`-th answer of the store, up to one without, and goes on each
 * time; tells what the views have then.
 */
export const crashAnywhere = async function* (history: readonly Happened[], step: number) {
  for (let crashAt = 0, crashed = true; crashed; crashAt += step) {
    const runner = await openRunner();
    const end = await runner.happen(history);
    const faulty = faultyReadModels(runner.readModels, crashAt);
    const { log } = runner;
    const clock = systemClock();
    const first = startProjector({ log, readModels: faulty, projections: PROJECTIONS, clock, batch: 5 });
    crashed = await first.waitFor(end, NAMES, PATIENT).then(
      () => false,
      () => true,
    );
    // A server that died stores nothing at its end.
    await first.stop().catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
    if (crashed) {
      const second = runner.start({ projections: PROJECTIONS, batch: 3 });
      await second.waitFor(end, NAMES, PATIENT);
    }
    yield { crashAt, live: await liveDocuments(runner.readModels) };
  }
};
