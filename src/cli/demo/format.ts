/** Milliseconds for a person: `82 ms`, `3.1 s`; a dash when there are none. */
export const duration = (ms: number | null): string => {
  if (ms === null) return '–';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
};

/** The time of day in UTC, to the millisecond, of an ISO 8601 time. */
export const clockTime = (iso: string): string => iso.slice(11, 23);

/** Percent to a tenth; a dash when nothing was measured. */
export const percent = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)} %`);
