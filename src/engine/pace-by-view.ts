import type { Pacing } from '../commands/pacing.ts';
import type { Clock } from '../ports/clock.ts';
import { START } from '../ports/event-log.ts';
import { within } from './within.ts';

/** How far the view is that executions wait for. */
export interface FollowedView {
  /** Everything up to here can be read in it; `undefined` while it does not go on. */
  readonly position: bigint | undefined;
  /** Resolves when that is so of a position; rejects when it does not become so within `timeout` ms. */
  reach(position: bigint, timeout: number): Promise<void>;
}

/** What `paceByView` goes by. */
export interface PaceOptions {
  readonly view: FollowedView;
  readonly clock: Clock;
  /** Milliseconds: an execution begins when the view holds what was appended so long ago. */
  readonly behind: number;
}

/** Milliseconds that a start waits at most. */
const PATIENCE = 200;

/** Has executions begin when a view is not far behind, or does not go on. */
export const paceByView = ({ view, clock, behind }: PaceOptions): Pacing => {
  /** What was appended less than `behind` ms ago: the last position of each millisecond. */
  const recent: { readonly at: number; position: bigint }[] = [];
  let due = START;
  let awaited = { position: START, reached: Promise.resolve() };
  /** Where the view stood when it was waited for in vain. */
  let stood: bigint | undefined;

  const lookBack = (now: number): void => {
    for (let [oldest] = recent; oldest !== undefined && oldest.at <= now - behind; [oldest] = recent) {
      due = oldest.position;
      recent.shift();
    }
  };

  const reach = async (position: bigint): Promise<void> => {
    try {
      if (await within(clock, PATIENCE, () => view.reach(position, PATIENCE))) return;
    } catch {
      // Why it is behind is said where its status is shown.
    }
    stood = view.position;
  };

  return {
    appended: (position) => {
      const now = clock.now();
      lookBack(now);
      const last = recent.at(-1);
      if (position <= (last?.position ?? due)) return;
      if (last?.at === now) {
        last.position = position;
        return;
      }
      // Of a clock that was set back nothing would be long enough ago until it is where it was.
      if (last !== undefined && last.at > now) recent.length = 0;
      recent.push({ at: now, position });
    },
    turn: async () => {
      lookBack(clock.now());
      const { position } = view;
      // Nobody waits for what stands still.
      if (position === undefined || position >= due || position === stood) return;
      if (due > awaited.position) awaited = { position: due, reached: reach(due) };
      await awaited.reached;
    },
  };
};
