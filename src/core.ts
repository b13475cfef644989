import { createActivities, type FoundActivity } from './activities/registry.ts';
import { builtInActivities } from './activities/built-in.ts';
import { loadActivities } from './activities/load-activities.ts';
import { gzipArchives } from './adapters/archives/gzip-archives.ts';
import type { Email, EmailOptions } from './adapters/notifiers/email.ts';
import { createNotifier } from './adapters/notifiers/notifier.ts';
import { systemClock } from './adapters/system/clock.ts';
import { systemIds } from './adapters/system/ids.ts';
import { systemSecrets } from './adapters/system/secrets.ts';
import type { Config } from './config.ts';
import { createCore, type Core } from './create-core.ts';
import { decorated, type Decorations } from './decorations.ts';
import type { Clock } from './ports/clock.ts';
import { isolatable } from './isolatable.ts';
import type { Logger } from './ports/logger.ts';
import type { Notifier } from './ports/notifier.ts';
import { readRecipients } from './recipients-file.ts';
import type { EventLog } from './ports/event-log.ts';
import type { Recorder } from './ports/recorder.ts';
import { readRecorders } from './recorders-file.ts';
import { openStores } from './stores.ts';

/** What a core is made of. */
export interface CoreOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly decorations?: Decorations;
  /** Activities besides those built in and those of the configured folder. */
  readonly activities?: readonly FoundActivity[];
  /** What messages are sent by; by the configured recipients unless given. */
  readonly notifier?: Notifier;
  /** Who is given every event, besides those of the configured file. */
  readonly recorders?: readonly ((parts: { readonly log: EventLog }) => Recorder)[];
}

/** Opens the stores and puts the engine on them; nothing runs before `start`. Rejects when a store or an activity refuses. */
export const openCore = async ({
  config,
  logger,
  decorations = {},
  ...options
}: CoreOptions): Promise<Core> => {
  const clock = decorated(systemClock(), decorations.clock);
  const found = config.activities === undefined ? [] : await loadActivities(config.activities);
  const more = options.activities ?? [];
  const served = createActivities([...builtInActivities(process.env), ...isolatable(found), ...more]);
  const activities = decorated(served, decorations.activities);
  const ids = systemIds();
  const notifier = options.notifier ?? (await openNotifier(config, clock, logger));
  const fromFile = config.recorders === undefined ? [] : await readRecorders(config.recorders, process.env);
  const stores = await openStores({ config, clock, ids, logger, decorations });
  const recorders = [...fromFile, ...(options.recorders ?? []).map((open) => open(stores))];
  const archives = gzipArchives(config.archives);
  const secrets = systemSecrets();
  const parts = { activities, notifier, archives, secrets, recorders, stores };
  return createCore({ config, logger, clock, ids, ...parts });
};

const openNotifier = async (config: Config, clock: Clock, logger: Logger): Promise<Notifier> => {
  const { recipients: path, smtpUrl: url, smtpFrom: from } = config;
  const recipients = path === undefined ? undefined : await readRecipients(path, process.env);
  const byMail = [...(recipients ?? [])].flatMap(([name, { email }]) => (email === undefined ? [] : [name]));
  if (url === undefined && byMail.length > 0)
    logger.warn(
      { recipients: byMail },
      'There are recipients with e-mail, but SAGALOG_SMTP_URL is not set: what is to be sent there is given up.',
    );
  const email = url === undefined ? undefined : await openEmail({ url, from });
  return createNotifier({ recipients, email, clock });
};

// Its client is loaded where there is a server to send by.
const openEmail = async (options: EmailOptions): Promise<Email> => {
  const { createEmail } = await import('./adapters/notifiers/email.ts');
  return createEmail(options);
};
