import type { WaitStep } from '../definition.ts';
import type { Place } from '../expression/check-names.ts';
import { show } from '../expression/show.ts';
import { compileTemplate } from '../expression/template.ts';
import type { Json } from '../../json.ts';
import { parseTime } from '../../time.ts';
import type { Path, Report } from '../report.ts';
import { asDuration, asText, field } from './fields.ts';

/** What a wait waits for: exactly one of `for`, `until` and `signal`. */
export const buildWait = (
  value: Json | undefined,
  path: Path,
  place: Place,
  report: Report,
): WaitStep['on'] => {
  const given = ['for', 'until', 'signal'].filter((name) => field(value, name) !== undefined);
  if (given.length !== 1) {
    const found =
      given.length === 0 ? 'none is there' : `found ${given.map((name) => `"${name}"`).join(' and ')}`;
    const message = `Expected one of "for", "until" and "signal", but ${found}.`;
    report.problem(path, 'AMBIGUOUS_WAIT', message, { key: true });
  }
  const signal = asText(field(value, 'signal'));
  const timeout = field(value, 'timeout');
  if (timeout !== undefined && signal === undefined) {
    const message = 'Expected "timeout" beside "signal", but a wait for a time ends by itself.';
    report.problem([...path, 'timeout'], 'FIELD_NOT_USED', message, { key: true });
  }
  if (signal !== undefined) {
    const limit = asDuration(timeout);
    return { kind: 'signal', signal, ...(limit === undefined ? {} : { timeout: limit }) };
  }
  const until = asText(field(value, 'until'));
  if (until !== undefined) {
    checkTime(until, [...path, 'until'], report);
    return { kind: 'until', time: compileTemplate(until, [...path, 'until'], place, report) };
  }
  const duration = field(value, 'for') ?? '0s';
  const template = compileTemplate(duration, [...path, 'for'], place, report);
  return { kind: 'for', duration: asDuration(duration) ?? template };
};

const checkTime = (text: string, path: Path, report: Report): void => {
  if (text.includes('${') || parseTime(text) !== undefined) return;
  const message = `Expected a time such as 2026-01-31T09:00:00Z, but found ${show(text)}.`;
  report.problem(path, 'BAD_TIME', message);
};
