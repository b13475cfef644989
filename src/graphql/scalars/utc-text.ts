const DAY = 86_400_000;

const padded = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => String(n).padStart(digits, '0'));

const TWO_DIGITS = padded(60, 2);
const THREE_DIGITS = padded(1_000, 3);

// Most times that are told one after the other are of one day, and to find out a date takes longest.
let lastDay = Number.NaN;
let lastDate = '';

const dateOf = (day: number): string => {
  if (day === lastDay) return lastDate;
  const text = new Date(day * DAY).toISOString();
  lastDate = text.slice(0, text.indexOf('T') + 1);
  lastDay = day;
  return lastDate;
};

/**
 * A time as `toISOString` tells it, in a third of the time: an answer has dozens of them. `ms` since the Unix epoch, from
 * -8.64e15 to 8.64e15.
 */
export const utcText = (ms: number): string => {
  if (!Number.isInteger(ms)) return new Date(ms).toISOString();
  const day = Math.floor(ms / DAY);
  const rest = ms - day * DAY;
  const hours = TWO_DIGITS[Math.floor(rest / 3_600_000)];
  const minutes = TWO_DIGITS[Math.floor(rest / 60_000) % 60];
  const seconds = TWO_DIGITS[Math.floor(rest / 1_000) % 60];
  return `${dateOf(day)}${hours}:${minutes}:${seconds}.${THREE_DIGITS[rest % 1_000]}Z`;
};
