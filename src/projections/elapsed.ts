const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds for people: `250ms`, `1.5s`, `2m3s`, `1h0m2.5s`. */
export const elapsedText = (ms: number): string => {
  if (ms < SECOND) return `${ms}ms`;
  const hours = Math.floor(ms / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const seconds = (ms % MINUTE) / SECOND;
  const small = ms < MINUTE ? '' : `${minutes}m`;
  return `${hours > 0 ? `${hours}h${minutes}m` : small}${seconds}s`;
};
