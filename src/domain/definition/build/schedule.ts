import type { Json } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import { cronFault, isTimeZone, timesOf, type CatchUp, type Overlap, type Schedule } from '../schedule.ts';
import { asText, field } from './fields.ts';

const OVERLAPS: readonly Overlap[] = ['skip', 'queue', 'allow'];
const CATCH_UPS: readonly CatchUp[] = ['none', 'last', 'all'];

/** When runs are started by themselves; `undefined` where the trigger does not say. */
export const buildSchedule = (
  trigger: Json | undefined,
  path: Path,
  report: Report,
): Schedule | undefined => {
  const schedule = field(trigger, 'schedule');
  const place = [...path, 'schedule'];
  const cron = asText(field(schedule, 'cron'));
  const timeZone = asText(field(schedule, 'time_zone')) ?? 'UTC';
  const isKnown = isTimeZone(timeZone);
  if (!isKnown && timeZone !== '') {
    const message = `Expected a time zone such as Europe/Berlin or UTC, but found "${timeZone}".`;
    report.problem([...place, 'time_zone'], 'BAD_TIME_ZONE', message);
  }
  if (cron === undefined || cron === '') return undefined;
  const fault = cronFault(cron);
  if (fault !== undefined)
    report.problem([...place, 'cron'], fault.never ? 'CRON_NEVER' : 'BAD_CRON', fault.message);
  if (fault !== undefined || !isKnown) return undefined;
  const overlap = field(schedule, 'overlap');
  const catchUp = field(schedule, 'catch_up');
  return {
    cron,
    timeZone,
    overlap: OVERLAPS.find((known) => known === overlap) ?? 'skip',
    catchUp: CATCH_UPS.find((known) => known === catchUp) ?? 'none',
    next: timesOf(cron, timeZone),
  };
};
