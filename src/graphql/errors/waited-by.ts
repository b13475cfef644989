import { Rejection } from '../../domain/rejection.ts';

/** What waits for a position that was given as `field`: a `WAIT_TIMEOUT` of it names that. */
export const waitedBy = async <T>(field: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Rejection) || error.code !== 'WAIT_TIMEOUT') throw error;
    throw new Rejection(error.code, error.message, { ...error.details, field });
  }
};
