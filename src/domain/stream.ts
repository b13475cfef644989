/** Every category of stream that Sagalog writes. A category ends at the first dash, so it has none. */
export const CATEGORIES = [
  'execution',
  'workflow',
  'event',
  'schedule',
  'trigger',
  'gathering',
  'notification',
  'breaker',
  'limiter',
  'rate',
  'partition',
  'recorder',
  'projection',
  'retention',
  'truncation',
  'access',
  'audit',
] as const;

/** A category of streams. */
export type Category = (typeof CATEGORIES)[number];

/** The stream of one entity of a category: `execution-0190…`. */
export const streamOf = (category: Category, id: string): string => `${category}-${id}`;

/** The category of a stream: what stands before its first dash. */
export const categoryOf = (stream: string): string => {
  const dash = stream.indexOf('-');
  return dash < 0 ? stream : stream.slice(0, dash);
};

/** The id of the entity that a stream is of: what stands behind its first dash. */
export const entityOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
