import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import { tableOf } from './demo/table.ts';

/** A rebuild as the API tells how far it is. */
export interface SeenRebuild {
  readonly projection: string;
  readonly phase: 'FOLDING' | 'COMPARING' | 'SWAPPING';
  readonly paused: boolean;
  readonly position: string;
  readonly end: string | null;
  /** Events a second. */
  readonly rate: number;
  /** Milliseconds that it will still fold; null when that is over, or not known. */
  readonly eta: number | null;
  readonly compared: string;
}

/** Shows how far rebuilds are. */
export interface ShownRebuilds {
  show(rebuilds: readonly SeenRebuild[]): void;
  /** Leaves the last state on the screen. */
  stop(): void;
}

const BAR = 30;

const barOf = (share: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR);
  return styleText('green', '█'.repeat(full)) + styleText('dim', '░'.repeat(BAR - full));
};

const shareOf = ({ position, end }: SeenRebuild): number =>
  end === null || Number(end) === 0 ? 0 : Number(position) / Number(end);

const stateOf = ({ phase, paused, eta, compared }: SeenRebuild): string => {
  if (paused) return 'paused';
  if (phase === 'COMPARING') return `comparing, ${compared} so far`;
  if (phase === 'SWAPPING') return 'swapping';
  return eta === null ? 'folding' : `folding, ${Math.max(1, Math.ceil(eta / 1_000))} s left`;
};

/** Rebuilds as lines: how far each is, how fast, and for how long it will still fold. */
export const rebuildLines = (
  rebuilds: readonly SeenRebuild[],
  bar: (share: number) => string = barOf,
): string =>
  tableOf(
    rebuilds.map((one) => [
      one.projection,
      bar(shareOf(one)),
      `${Math.floor(100 * shareOf(one))} %`,
      `${one.rate.toFixed(0)}/s`,
      stateOf(one),
    ]),
    [2, 3],
  );

/** On a terminal in place; elsewhere a line for each tenth of the log that all have folded. */
export const showRebuilds = (output: NodeJS.WriteStream): ShownRebuilds => {
  const screen = output.isTTY ? createLogUpdate(output) : undefined;
  let tenths = 0;
  return {
    show: (rebuilds) => {
      if (rebuilds.length === 0) return;
      if (screen !== undefined) {
        screen(rebuildLines(rebuilds));
        return;
      }
      const now = Math.floor(10 * Math.min(...rebuilds.map(shareOf)));
      if (now > tenths) output.write(`${rebuildLines(rebuilds, () => '')}\n`);
      tenths = Math.max(now, tenths);
    },
    stop: () => screen?.done(),
  };
};
