import { hash } from 'node:crypto';
import type { ExecutionCommand } from './commands.ts';

/** Who makes an attempt outside of the nodes, as its start says. */
export interface Worker {
  /** What it calls itself. */
  readonly worker: string;
  /** The hash of the token by which it reports: what the log holds lets nobody report. */
  readonly fence: string;
}

/** A worker that would make an attempt of an activity. */
export interface Taker extends Worker {
  readonly activity: string;
}

/** What a worker would take. */
export interface Taken extends Taker {
  /** The step's path. */
  readonly step: string;
}

/** What a token is known by. */
export const fenceOf = (token: string): string => hash('sha256', token, 'hex');

/** What a worker takes by a command; nothing by most. */
export const takenBy = (command: ExecutionCommand): Taken | undefined =>
  (command.type === 'take' || command.type === 'admit') && command.taker !== undefined
    ? { ...command.taker, step: command.step }
    : undefined;

/** The worker that makes an attempt of a step, among the facts of its start; none where nobody has taken it. */
export const workerOf = (
  taken: Taken | undefined,
  { step, activity }: { readonly step: string; readonly activity: string },
): Worker | undefined => {
  if (taken === undefined || taken.step !== step || taken.activity !== activity) return undefined;
  return { worker: taken.worker, fence: taken.fence };
};

/** The worker that an event's facts name, as a state keeps it. */
export const takenFrom = ({ worker, fence }: Partial<Worker>): { readonly taken?: Worker } =>
  worker === undefined || fence === undefined ? {} : { taken: { worker, fence } };
