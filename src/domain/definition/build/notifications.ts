import type { Json, JsonObject } from '../../json.ts';
import { CHANNELS, targetsOf, type Channel, type Target } from '../../notification/target.ts';
import type { Notifications } from '../definition.ts';
import type { Path, Report } from '../report.ts';
import { asObject, asTexts, field } from './fields.ts';

/** A block of a definition, and where it stands. */
export type Block = readonly [value: Json | undefined, path: Path];

/** The places of a definition that say who is told of something: true for those who usually are. */
export const notificationBlocks = (execution: JsonObject, root: Path) => {
  const handling = field(execution, 'error_handling');
  const failure = field(field(handling, 'workflow_error'), 'notification');
  const compensation = field(field(execution, 'compensation'), 'notification');
  return {
    usual: [field(execution, 'notification'), [...root, 'notification']],
    failure: [failure, [...root, 'error_handling', 'workflow_error', 'notification']],
    compensation: [compensation, [...root, 'compensation', 'notification']],
  } as const satisfies Record<string, Block>;
};

const channelsIn = (value: Json | undefined): readonly Channel[] =>
  CHANNELS.filter((channel) => asTexts(field(value, 'channels')).includes(channel));

/** The channels and recipients that a block says itself. */
export interface Named {
  readonly channels: readonly Channel[];
  readonly recipients: readonly string[];
}

/** What a block says itself; nothing for true. */
export const namedIn = (value: Json | undefined): Named => ({
  channels: channelsIn(value),
  recipients: asTexts(field(value, 'recipients')),
});

/** Who is told where a block does not say, or not all of it. */
export const usualIn = (execution: JsonObject): Named => {
  const { usual, failure } = notificationBlocks(execution, []);
  return namedIn(asObject(usual[0]) === undefined ? failure[0] : usual[0]);
};

/** Who is told of what. Whoever is to be told without being said is told as usual, and where nobody is, that is warned of. */
export const buildNotifications = (execution: JsonObject, root: Path, report: Report): Notifications => {
  const { failure, compensation } = notificationBlocks(execution, root);
  const top = usualIn(execution);

  const told = ([value, path]: Block): readonly Target[] => {
    if (value === undefined || value === false) return [];
    const own = namedIn(value);
    const channels = own.channels.length > 0 ? own.channels : top.channels;
    const recipients = own.recipients.length > 0 ? own.recipients : top.recipients;
    const targets = targetsOf(channels, recipients);
    if (targets.length === 0) warnNobody(path, report);
    return targets;
  };

  return {
    usual: targetsOf(top.channels, top.recipients),
    failure: told(failure),
    compensation: told(compensation),
  };
};

/** Warns that a notification is asked for, and nobody is told. */
export const warnNobody = (path: Path, report: Report): void => {
  const message =
    'Expected channels and recipients here, or in the definition\'s "notification" or ' +
    '"error_handling.workflow_error.notification", but there are none, so that nobody is told.';
  report.warning(path, 'NOBODY_TOLD', message, { key: true });
};
