import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { StoredEvent } from './event.ts';

/** Which events of $all are wanted. */
export interface Filter {
  matches(event: StoredEvent): boolean;
  /** A checkpoint is due after so many events were looked at. */
  readonly checkpointInterval: number;
}

/** How many events the server looks at in one go unless the client says. */
const DEFAULT_WINDOW = 32;

/** The filter that the client asks for; what the server notes about itself never passes one. */
export const createFilter = (options: ReadReq.Options.FilterOptions): Filter => {
  const byType = options.getEventType();
  const expression = byType ?? options.getStreamIdentifier();
  const subject = (event: StoredEvent): string => (byType ? event.type : event.stream);
  const regex = expression?.getRegex() ? new RegExp(expression.getRegex()) : undefined;
  const prefixes = expression?.getPrefixList() ?? [];
  const window = options.hasMax() ? options.getMax() : DEFAULT_WINDOW;
  return {
    matches: (event) =>
      event.stream !== '$epoch-information' &&
      (regex ? regex.test(subject(event)) : prefixes.some((prefix) => subject(event).startsWith(prefix))),
    checkpointInterval: window * Math.max(1, options.getCheckpointintervalmultiplier()),
  };
};
