import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import { clockTime } from './format.ts';
import { tableOf } from './table.ts';

/** An event as the demo's subscription sends it. */
export interface SeenEvent {
  readonly type: string;
  readonly stream: string;
  readonly at: string;
  readonly position: string;
  readonly facts: {
    readonly step?: string;
    readonly errorType?: string;
    readonly handled?: string;
    readonly attempt?: number;
  };
}

/** Shows what happens while it happens. */
export interface Progress {
  add(event: SeenEvent): void;
  /** Whether an execution has ended. */
  hasEnded(id: string): boolean;
  /** Leaves the last state on the screen. */
  stop(): void;
}

const ENDS: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = {
  'execution.completed': 'green',
  'saga.compensated': 'yellow',
  'execution.failed': 'red',
  'execution.cancelled': 'red',
};

const NEWEST = 8;
const BAR = 40;

const rowOf = ({ at, stream, type, facts }: SeenEvent): readonly string[] => {
  const { step = '', errorType = '', attempt } = facts;
  const tries = attempt !== undefined && attempt > 1 ? ` (attempt ${attempt})` : '';
  const colour = errorType === '' ? (ENDS[type] ?? 'white') : 'yellow';
  return [clockTime(at), `…${stream.slice(-6)}`, styleText(colour, type), `${step}${tries}`, errorType];
};

const barOf = (share: number): string => {
  const full = Math.round(share * BAR);
  return styleText('green', '█'.repeat(full)) + styleText('dim', '░'.repeat(BAR - full));
};

/**
 * Follows `expected` executions: on a terminal in place, with the newest events; elsewhere a line for each tenth of
 * them that has ended.
 */
export const showProgress = (output: NodeJS.WriteStream, expected: number): Progress => {
  const screen = output.isTTY ? createLogUpdate(output) : undefined;
  const counts = new Map<string, number>();
  const ended = new Set<string>();
  const newest: SeenEvent[] = [];
  let tenths = 0;

  const count = (type: string): number => counts.get(type) ?? 0;
  const summary = (): string =>
    [
      `${ended.size} of ${expected} ended`,
      `${count('execution.completed')} completed`,
      `${count('saga.compensated')} compensated`,
      `${count('execution.failed')} failed`,
      `${count('step.retry_scheduled')} retries`,
    ].join(' · ');

  const draw = (): void => {
    if (screen !== undefined) {
      screen(`  ${barOf(ended.size / expected)}\n\n  ${summary()}\n\n${tableOf(newest.map(rowOf))}`);
      return;
    }
    const now = Math.floor((10 * ended.size) / expected);
    if (now > tenths) output.write(`  ${summary()}\n`);
    tenths = Math.max(now, tenths);
  };

  return {
    add: (event) => {
      counts.set(event.type, count(event.type) + 1);
      if (event.type in ENDS) ended.add(event.stream.replace('execution-', ''));
      newest.push(event);
      if (newest.length > NEWEST) newest.shift();
      draw();
    },
    hasEnded: (id) => ended.has(id),
    stop: () => screen?.done(),
  };
};
