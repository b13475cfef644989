import { TRUNCATIONS } from '../../src/domain/truncation/streams.ts';
import type { Planted } from './world.ts';

/** Bugs that somebody could have written and that only removing and giving up show, by what they do. */
export const PLANTED_IN_RETENTION: Readonly<Record<string, Planted>> = {
  'what is removed stays in the views': {
    readModels: (readModels) => ({ ...readModels, remove: () => Promise.resolve() }),
  },
  'streams are given up with their removal': {
    log: (log) => ({ ...log, truncate: (stream, before) => log.truncate(stream, before + 1) }),
  },
  'streams are said to be given up, and are not': {
    log: (log) => ({ ...log, truncate: () => Promise.resolve() }),
  },
  'who folds anew does not look for what is there in brief': {
    log: (log) => ({
      ...log,
      head: async (stream) => (stream === TRUNCATIONS ? undefined : log.head(stream)),
    }),
  },
};
