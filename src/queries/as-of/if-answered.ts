import { ReadModelsUnavailable } from '../../ports/read-models.ts';

/** Answers with nothing while the store does not. */
export const ifAnswered = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReadModelsUnavailable) return undefined;
    throw error;
  }
};
