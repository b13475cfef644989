const TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * Milliseconds since the Unix epoch of an ISO 8601 time with its zone, or of a date, which begins at midnight UTC;
 * `undefined` for any other text. A time without a zone would be another one on each machine.
 */
export const parseTime = (text: string): number | undefined => {
  const [, year, month, day] = TIME.exec(text) ?? [];
  if (year === undefined) return undefined;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) > days) return undefined;
  const time = Date.parse(text);
  return Number.isFinite(time) ? time : undefined;
};
