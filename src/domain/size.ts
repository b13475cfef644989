/** Bytes of each unit: of 1,024 with an i, of 1,000 without. */
const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Source of the regular expression of a size: `512Mi`, `2Gi`, `1.5G`, or a number of bytes. */
export const SIZE_PATTERN = `\\d{1,15}(?:\\.\\d{1,9})?(?:${Object.keys(UNITS).join('|')})?`;

const SIZE = new RegExp(`^${SIZE_PATTERN}$`);

/** Bytes of a size that matches `SIZE_PATTERN`; `undefined` for any other text. */
export const parseSize = (text: string): number | undefined => {
  if (!SIZE.test(text)) return undefined;
  const unit = text.replace(/^[\d.]+/, '');
  return Math.floor(Number(text.slice(0, text.length - unit.length)) * (UNITS[unit] ?? 1));
};
