/** Milliseconds of a bucket: the days of every time zone in use begin at one. */
export const BUCKET = 900_000;

/** The beginning of the bucket (UTC) that a time is in; both in ms since the Unix epoch. */
export const bucketOf = (at: number): number => Math.floor(at / BUCKET) * BUCKET;
