import type { Json } from '../../../src/domain/json.ts';
import type { Assignment, Claim, Workers } from '../../../src/ports/workers.ts';
import { historyOf, openEngine, seen, type EngineParts } from '../../spec/engine.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { handClock } from '../../spec/clock.ts';
import { countingIds } from '../../spec/ids.ts';

const NOBODY_GOES = new AbortController().signal;

/** Waits for attempts of an activity. */
export const claimOf = (
  workers: Workers,
  claim: Partial<Claim> = {},
  gone: AbortSignal = NOBODY_GOES,
): Promise<readonly Assignment[]> =>
  workers.claim({ worker: 'w1', activities: [{ name: 'scan' }], max: 1, wait: 60_000, ...claim }, gone);

/** The only attempt that a worker is given. */
export const oneOf = async (workers: Workers, claim: Partial<Claim> = {}): Promise<Assignment> => {
  const [given] = await claimOf(workers, claim);
  if (given === undefined) throw new Error('Expected an attempt, but none was given.');
  return given;
};

/** An engine whose activities workers serve. */
export const openWorkers = async (parts: Partial<EngineParts> = {}) => {
  const log = parts.log ?? (await temporaryLog());
  const all = { log, clock: handClock(), ids: countingIds(), activities: {}, ...parts };
  const under = openEngine(all);
  const types = async (id: string) => (await historyOf(log, id)).map(({ type }) => type);
  /** Starts it and waits until its step waits for somebody to serve it. */
  const queued = async (yaml: string, input: Json = null) => {
    const { id } = await under.start(yaml, input);
    await seen(log, id, ({ type }) => type === 'step.queued');
    return id;
  };
  return { ...under, log, all, types, queued, workers: under.engine.workers };
};
