/** The ways in which people and systems are told of something. */
export const CHANNELS = ['slack', 'email', 'webhook'] as const;

/** A way in which somebody is told of something. */
export type Channel = (typeof CHANNELS)[number];

/** Who is told, by the name that the server's configuration has for them, and how. */
export type Target = { readonly channel: Channel; readonly recipient: string };

/** Whom a server can tell, and by which channels. */
export type Directory = ReadonlyMap<string, readonly Channel[]>;

/** Whom a server can tell, or that it was told of nobody at all. */
export type KnownRecipients = Directory | 'none';

/** Each recipient by each channel, once. */
export const targetsOf = (channels: readonly Channel[], recipients: readonly string[]): readonly Target[] =>
  [...new Set(channels)].flatMap((channel) =>
    [...new Set(recipients)].map((recipient) => ({ channel, recipient })),
  );

/** All of them, once. */
export const joined = (...lists: readonly (readonly Target[])[]): readonly Target[] => {
  const byName = new Map(lists.flat().map((target) => [`${target.channel} ${target.recipient}`, target]));
  return [...byName.values()];
};

/** The fact that an event tells them; none where it tells nobody. */
export const notifying = (targets: readonly Target[]): { readonly notifies?: readonly Target[] } =>
  targets.length === 0 ? {} : { notifies: targets };
