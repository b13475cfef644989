import type { Recorded } from '../domain/registry.ts';
import { bucketOf } from './bucket.ts';

/** What figures are of, as their documents tell it. */
export type Figured = {
  readonly workflow: string;
  /** `''` for whole executions. */
  readonly activity: string;
  /** Hash of the version; `''` for what belongs to none. */
  readonly definition: string;
  /** Beginning of the quarter of an hour, ms since the Unix epoch. */
  readonly bucket: number;
};

/** What the figures that an event changes are of. */
export const figuredOf = (
  {
    facts,
    commit: { metadata },
  }: Pick<Recorded, 'commit'> & { readonly facts: { readonly workflow: string } },
  activity: string,
): Figured => ({
  workflow: facts.workflow,
  activity,
  definition: metadata.definition ?? '',
  bucket: bucketOf(metadata.at),
});

/** The path of a step without which turn of a loop it is in, so that what it says of all of them is together. */
export const placeOf = (path: string): string => path.replaceAll(/\[\d+\]/g, '[]');
