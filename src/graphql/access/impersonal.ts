/**
 * Fields whose values are the same for everybody who comes to what they are of, whatever they have asked before: answers of
 * these alone are made once for all subscribers who ask for the same. Never those whose reading is recorded or that show
 * to some what they hide from others.
 */
export const IMPERSONAL: ReadonlySet<string> = new Set([
  'Subscription.events',
  'Subscription.executionEvents',
  'Event.id',
  'Event.position',
  'Event.cursor',
  'Event.stream',
  'Event.revision',
  'Event.type',
  'Event.facts',
  'Event.at',
  'Event.hash',
  'Event.commit',
  'Event.lagging',
  'Commit.revision',
  'Commit.size',
  'Commit.hash',
  'Commit.previous',
  'Lag.end',
  'Lag.behind',
]);
