import type { Json, JsonObject } from '../../json.ts';
import { targetsOf, type Channel, type Directory, type KnownRecipients } from '../../notification/target.ts';
import type { Path, Report } from '../report.ts';
import { didYouMean } from '../suggest.ts';
import { asList, asObject, asText, field } from './fields.ts';
import { KINDS } from './kinds.ts';
import { nestedLists } from './nested.ts';
import { namedIn, notificationBlocks, usualIn, warnNobody, type Block, type Named } from './notifications.ts';

/** Name of the built-in activity that tells somebody of something. */
export const NOTIFY = 'notify';

/** Every step of a definition with where it stands. */
const stepsOf = (list: Json | undefined, path: Path): readonly Block[] =>
  [...(asList(list) ?? []).entries()].flatMap(([n, step]) => [
    [step, [...path, n]] as const,
    ...nestedLists(step, [...path, n]).flatMap((inner) => stepsOf([...inner.steps], inner.path)),
  ]);

const callsNotify = (step: Json): boolean => {
  const object = asObject(step) ?? {};
  const isCall = !Object.values(KINDS).some(
    ({ field: kind }) => kind !== 'activity' && Object.hasOwn(object, kind),
  );
  return isCall && (asText(object['activity']) ?? object['name']) === NOTIFY;
};

/**
 * Refuses recipients that the server does not know, and channels by which it cannot reach them, where it knows any, and
 * warns where it knows none; warns of fallbacks that are to tell somebody where nobody is said.
 */
export const checkRecipients = (
  execution: JsonObject,
  root: Path,
  directory: KnownRecipients | undefined,
  report: Report,
): void => {
  const { usual, failure, compensation } = notificationBlocks(execution, root);
  const top = usualIn(execution);
  const steps = stepsOf(execution['activities'], [...root, 'activities']);
  const defaults = field(field(execution, 'error_handling'), 'activity_error');

  if (targetsOf(top.channels, top.recipients).length === 0) {
    const places: readonly Block[] = [...steps, [defaults, [...root, 'error_handling', 'activity_error']]];
    for (const [value, path] of places)
      if (field(field(value, 'fallback'), 'notify') === true)
        warnNobody([...path, 'fallback', 'notify'], report);
  }

  if (directory === undefined) return;
  const inputs = steps
    .filter(([step]) => callsNotify(step ?? null))
    .map(([step, path]): Block => [field(step, 'input'), [...path, 'input']]);
  for (const block of [usual, failure, compensation, ...inputs]) {
    if (directory === 'none') warnUnconfigured(block, report);
    else checkBlock(block, top, directory, report);
  }
};

const warnUnconfigured = ([value, path]: Block, report: Report): void => {
  if (namedIn(value).recipients.length === 0) return;
  const message =
    'Expected recipients that the server knows, but it was told of none: what is to be sent to them is given up.';
  report.warning([...path, 'recipients'], 'NO_RECIPIENTS', message);
};

const checkBlock = ([value, path]: Block, top: Named, directory: Directory, report: Report): void => {
  if (asObject(value) === undefined) return;
  const own = namedIn(value);
  // Who is told as usual is checked where that is said.
  const channels = own.channels.length > 0 ? own.channels : top.channels;
  for (const [n, recipient] of (asList(field(value, 'recipients')) ?? []).entries()) {
    // What a step is given may be an expression, of which nobody knows yet.
    if (typeof recipient !== 'string' || recipient.includes('${')) continue;
    const known = directory.get(recipient);
    if (known === undefined) {
      const message = `Expected a recipient that the server knows, but there is no "${recipient}".${didYouMean(recipient, directory.keys())}`;
      report.problem([...path, 'recipients', n], 'UNKNOWN_RECIPIENT', message);
      continue;
    }
    for (const channel of channels)
      if (!known.includes(channel))
        refuseChannel([...path, 'recipients', n], recipient, channel, known, report);
  }
  const inherited = own.recipients.length > 0 ? [] : top.recipients;
  for (const recipient of inherited) {
    const known = directory.get(recipient);
    for (const channel of own.channels)
      if (known?.includes(channel) === false)
        refuseChannel([...path, 'channels'], recipient, channel, known, report);
  }
};

const refuseChannel = (
  path: Path,
  recipient: string,
  channel: Channel,
  known: readonly Channel[],
  report: Report,
): void => {
  const message = `Expected a recipient with ${channel}, but "${recipient}" has ${known.join(' and ') || 'none'}.`;
  report.problem(path, 'NO_SUCH_CHANNEL', message);
};
