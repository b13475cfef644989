import type { Pacing } from './commands/pacing.ts';
import { paceByView } from './engine/pace-by-view.ts';
import type { Clock } from './ports/clock.ts';
import type { Projector } from './projections/projector.ts';

/** It is folded with all that people look at to see what goes on. */
const VIEW = 'executions';

/** Has executions begin when the views are no further behind than so many ms, for as long as they are folded. */
export const paceStarts = (
  projector: Pick<Projector, 'waitFor' | 'onProgress'>,
  clock: Clock,
  behind: number,
): Pacing => {
  let known: bigint | undefined;
  projector.onProgress((progress) => {
    const found = progress.find(({ name }) => name === VIEW);
    if (found === undefined) return;
    const { state, position } = found;
    known = state === 'stopped' || state === 'waiting' ? undefined : position;
  });
  const view = {
    get position() {
      return known;
    },
    reach: (position: bigint, timeout: number) => projector.waitFor(position, [VIEW], timeout),
  };
  return paceByView({ view, clock, behind });
};
