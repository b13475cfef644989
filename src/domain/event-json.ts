import type { RecordedEvent } from './event.ts';
import type { Json, JsonObject } from './json.ts';

/** An event as others are given it: all that the log has of it. */
export const eventJson = (event: RecordedEvent): JsonObject => {
  const { position, stream, revision, id, type, facts, payload, commit } = event;
  return {
    position: String(position),
    stream,
    revision,
    id,
    type,
    at: new Date(commit.metadata.at).toISOString(),
    facts,
    payload: payload === undefined ? null : (JSON.parse(payload) as Json),
    metadata: commit.metadata as object as JsonObject,
  };
};
