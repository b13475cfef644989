import { streamOf } from '../stream.ts';

const DAY = 86_400_000;

/** Days that are looked back for the one that a new day's stream goes on from. */
export const LOOKED_BACK = 400;

/** The stream that reads of a moment (ms since the Unix epoch) are recorded in: one a day, in UTC. */
export const auditStreamAt = (at: number): string =>
  streamOf('audit', new Date(at).toISOString().slice(0, 10).replaceAll('-', ''));

/** The streams of all days from one moment to another, the first one first. */
export const auditStreams = (from: number, to: number): readonly string[] => {
  const first = Math.floor(from / DAY);
  const count = Math.max(0, Math.floor(to / DAY) - first + 1);
  return Array.from({ length: count }, (_, day) => auditStreamAt((first + day) * DAY));
};

/** The streams of the days before a moment's, the last one first. */
export const auditStreamsBefore = (at: number): readonly string[] =>
  Array.from({ length: LOOKED_BACK }, (_, days) => auditStreamAt(at - (days + 1) * DAY));
