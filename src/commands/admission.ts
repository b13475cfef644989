import { Rejection } from '../domain/rejection.ts';

/** Lets in commands that start work, as long as the server can carry them out. */
export interface Admission {
  /**
   * Begins a command's work. Rejects with `OVERLOADED` before anything of it is stored when there is too much
   * under way; `details.retryAfter` says when to try again, in milliseconds.
   */
  admit<T>(work: () => Promise<T>): Promise<T>;
}

/** What `createAdmission` needs. */
export interface AdmissionOptions {
  /** The most commands that were let in and are under way, and the most executions that are worked on. */
  readonly limit: number;
  /** How many executions are worked on now: commands for them are carried out, or their activities called. */
  readonly busy: () => number;
}

/** Milliseconds after which it is worth trying again. */
const RETRY_AFTER = 1_000;

/** Creates an admission. What the engine has to say of executions that it runs does not pass it, so they all end. */
export const createAdmission = ({ limit, busy }: AdmissionOptions): Admission => {
  let underWay = 0;
  return {
    admit: async (work) => {
      const found = Math.max(underWay, busy());
      if (found >= limit) throw overloaded(found, limit);
      // Counted until the work ends, not until its caller has lost patience: in an outage it is what piles up.
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
      }
    },
  };
};

const overloaded = (found: number, limit: number): Rejection =>
  new Rejection(
    'OVERLOADED',
    `Expected fewer than ${limit} commands or executions under way, but there are ${found}: nothing was stored, try again later.`,
    { found, expected: limit, retryAfter: RETRY_AFTER },
  );
