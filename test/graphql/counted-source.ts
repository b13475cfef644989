import { createSource, type Source } from '../../src/graphql/feed/source.ts';

/** What sources have done. */
export interface SourceCounts {
  readonly opened: number;
  readonly closed: number;
  readonly pulled: number;
}

const total = { opened: 0, closed: 0, pulled: 0 };

/** A source like those of the API that is counted. */
export const countedSource = <T>(
  pull: () => Promise<T | undefined>,
  wake: () => void = () => undefined,
): Source<T> => {
  total.opened += 1;
  return createSource(
    () => {
      total.pulled += 1;
      return pull();
    },
    () => {
      total.closed += 1;
      wake();
      return Promise.resolve();
    },
  );
};

/** Counts what sources do from now on. */
export const countSources = (): (() => SourceCounts) => {
  const before = { ...total };
  return () => ({
    opened: total.opened - before.opened,
    closed: total.closed - before.closed,
    pulled: total.pulled - before.pulled,
  });
};

/** Counts the sources that were opened from now on and are not closed. */
export const countOpenSources = (): (() => number) => {
  const count = countSources();
  return () => count().opened - count().closed;
};
