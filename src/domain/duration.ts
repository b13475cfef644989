const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const SHORT = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const ISO =
  /^P(?=.)(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=.)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const ISO_UNITS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000] as const;

/** Milliseconds of `500ms`, `1s`, `5m`, `2h`, `1d` or an ISO 8601 duration of weeks to seconds; `undefined` for any other text. */
export const parseDuration = (text: string): number | undefined => {
  const short = SHORT.exec(text);
  if (short?.[1] !== undefined && short[2] !== undefined)
    return Math.round(Number(short[1]) * (UNITS[short[2]] ?? 1));
  const iso = ISO.exec(text);
  if (iso === null) return undefined;
  return Math.round(ISO_UNITS.reduce((sum, unit, index) => sum + Number(iso[index + 1] ?? 0) * unit, 0));
};
