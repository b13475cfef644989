import { Cron } from 'croner';

/** What becomes of a time that comes while the run before goes on. */
export type Overlap = 'skip' | 'queue' | 'allow';

/** Which of the times that came while nobody looked are made up for. */
export type CatchUp = 'none' | 'last' | 'all';

/** When runs are started. */
export interface Schedule {
  /** As written. */
  readonly cron: string;
  readonly timeZone: string;
  readonly overlap: Overlap;
  readonly catchUp: CatchUp;
  /** The first time strictly after one, both ms since the Unix epoch; `undefined` when there is none. */
  next(after: number): number | undefined;
}

/** Times by a cron expression of five fields, or a nickname such as @daily. Throws for any other text. */
export type Times = Schedule['next'];

const FIELDS = ['minute', 'hour', 'day of the month', 'month', 'day of the week'] as const;
const NICKNAMES = ['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually'];
/** No colon: the library would take that for a date. */
const FIELD = /^[A-Za-z0-9*?,/#-]+$/;
/** From here on every cron expression that has a time at all has one: within 40 years of any date. */
const EARLY = Date.UTC(2000, 0, 1);

/**
 * The times of a cron expression. A fixed time of day that a change of clocks leaves out comes right behind the gap, and
 * one that comes twice counts the first time; what has `*` or a step in its hours or minutes goes by elapsed time.
 */
export const timesOf = (cron: string, timeZone: string): Times => {
  const times = new Cron(cron, {
    mode: '5-part',
    timezone: timeZone,
    fixedTimeRule: 'no-wildcard',
    paused: true,
  });
  return (after) => times.nextRun(new Date(after))?.getTime();
};

/** What is wrong with a cron expression: `never` when it has no time at all; `undefined` for a good one. */
export const cronFault = (
  cron: string,
): { readonly message: string; readonly never: boolean } | undefined => {
  const fields = cron.trim().split(/\s+/);
  if (!NICKNAMES.includes(cron) && fields.length !== FIELDS.length) {
    const message = `Expected five fields (${FIELDS.join(', ')}) or one of ${NICKNAMES.join(', ')}, but found "${cron}".`;
    return { message, never: false };
  }
  const bad = NICKNAMES.includes(cron) ? -1 : fields.findIndex((_, place) => !isField(fields, place));
  if (bad >= 0) {
    const message = `Expected a ${FIELDS[bad]} as cron knows it, but found "${fields[bad]}".`;
    return { message, never: false };
  }
  if (timesOf(cron, 'UTC')(EARLY) !== undefined) return undefined;
  return { message: `Expected a time that comes, but "${cron}" never does.`, never: true };
};

const isField = (fields: readonly string[], place: number): boolean => {
  const field = fields[place] ?? '';
  if (!FIELD.test(field)) return false;
  try {
    timesOf(FIELDS.map((_, at) => (at === place ? field : '*')).join(' '), 'UTC');
    return true;
  } catch {
    return false;
  }
};

/** Whether it is a time zone of the IANA database, such as Europe/Berlin or UTC. */
export const isTimeZone = (text: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};
