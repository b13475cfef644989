/**
 * The boot of a process that starts when another of its node was seen: its own, unless the clock was set back since the
 * other's start; then the next one after that. Both are UUIDs.
 */
export const bootAfter = (own: string, seen: string): string => {
  if (own > seen) return own;
  const next = (BigInt(`0x${seen.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return next.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};
