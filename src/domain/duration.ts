const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Digits enough for some 100 years in each unit, and so for a time that a date can hold. */
const [MS, S, M, H, D, W] = ['\\d{1,13}', '\\d{1,10}', '\\d{1,8}', '\\d{1,6}', '\\d{1,5}', '\\d{1,4}'];
const FRACTION = '(?:\\.\\d{1,9})?';

const SHORT = `(?:${MS}${FRACTION}ms|${S}${FRACTION}s|${M}${FRACTION}m|${H}${FRACTION}h|${D}${FRACTION}d)`;

/** No months and years: they are not of one length. */
const LONG =
  `P(?=.)(?:(${W}${FRACTION})W)?(?:(${D}${FRACTION})D)?` +
  `(?:T(?=.)(?:(${H}${FRACTION})H)?(?:(${M}${FRACTION})M)?(?:(${S}${FRACTION})S)?)?`;

/** Source of the regular expression of a duration: `500ms`, `1s`, `5m`, `2h`, `1d` or ISO 8601 of weeks to seconds. */
export const DURATION_PATTERN = `(?:${SHORT}|${LONG.replaceAll(/\((?!\?)/g, '(?:')})`;

const IS_SHORT = new RegExp(`^${SHORT}$`);
const IS_LONG = new RegExp(`^${LONG}$`);
const LONG_UNITS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000] as const;

/** Milliseconds of a duration that matches `DURATION_PATTERN`; `undefined` for any other text. */
export const parseDuration = (text: string): number | undefined => {
  if (IS_SHORT.test(text)) {
    const unit = text.replace(/^[\d.]+/, '');
    return Math.round(Number(text.slice(0, -unit.length)) * (UNITS[unit] ?? 1));
  }
  const parts = IS_LONG.exec(text);
  if (parts === null) return undefined;
  return Math.round(LONG_UNITS.reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unit, 0));
};

/** The text of a duration of so many ms in the largest unit of which it is a whole number: `30d`, `90s`, `1500ms`. */
export const durationText = (ms: number): string => {
  const [unit, of] = Object.entries(UNITS).findLast(([, one]) => ms >= one && ms % one === 0) ?? ['ms', 1];
  return `${ms / of}${unit}`;
};
