import { Rejection } from '../domain/rejection.ts';

/** Who waits for a position, for how many ms, and where the views stand that are waited for. */
export interface Behind {
  readonly position: bigint;
  readonly timeout: number;
  readonly views: readonly { readonly name: string; readonly position: bigint }[];
}

/** The answer to whoever has waited long enough (`WAIT_TIMEOUT`): which views are not there yet, and where they stand. */
export const viewsBehind = ({ position, timeout, views }: Behind): Rejection => {
  const behind = views.filter((view) => view.position < position);
  const standing = behind.map((view) => `"${view.name}" stands at ${view.position}`).join(', ');
  return new Rejection(
    'WAIT_TIMEOUT',
    `Expected the views to reach position ${position} within ${timeout} ms, but ${standing}.`,
    {
      field: 'waitFor',
      found: String(position),
      expected: 'a position that the views reach in time: ask again, or look at `projections`',
      timeout,
      views: behind.map((view) => ({ name: view.name, position: String(view.position) })),
    },
  );
};
