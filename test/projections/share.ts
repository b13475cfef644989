import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import type { Projection } from '../../src/projections/projection.ts';
import type { Projector } from '../../src/projections/projector.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { shareProjector } from '../../src/projections/shared-projector.ts';
import type { Runner } from './runner.ts';
import { tally } from './tally.ts';

/** A projector that has the lease when it is told so. */
export const share = (
  runner: Pick<Runner, 'log' | 'readModels'>,
  name: string,
  projection: Projection = tally(),
) => {
  const { log, readModels } = runner;
  const lease = { held: false, wanted: true };
  const views: ReadModels[] = [];
  let tell: (held: boolean) => void = () => undefined;
  const projector: Projector = shareProjector({
    log,
    readModels,
    clock: systemClock(),
    projections: [projection],
    lease: {
      holds: () => lease.held,
      holder: () => name,
      onChange: (listener) => (tell = listener),
      want: (wanted) => (lease.wanted = wanted),
    },
    fold: (fenced) => {
      views.push(fenced);
      return startProjector({
        log,
        readModels: fenced,
        projections: [projection],
        clock: systemClock(),
        followed: true,
      });
    },
  });
  onTestFinished(() => projector.stop());
  return {
    projector,
    /** The read models that it has folded into, one for each time. */
    views,
    hold: (held: boolean) => {
      lease.held = held;
      tell(held);
    },
    /** Whether it folds when it may. */
    get wanted() {
      return lease.wanted;
    },
    /** The lease is over by the clock, and nobody has said so yet. */
    lapse: () => (lease.held = false),
  };
};
