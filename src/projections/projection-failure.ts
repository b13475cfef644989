import type { RecordedEvent } from '../domain/event.ts';
import type { ProjectionFault } from './projector.ts';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A projection threw at an event: it stops there, since it must not skip any. */
export class ProjectionFailure extends Error {
  readonly code = 'PROJECTION_FAILED';
  readonly projection: string;
  readonly position: bigint;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;

  constructor(
    projection: string,
    {
      position,
      stream,
      revision,
      id,
      type,
    }: Pick<RecordedEvent, 'position' | 'stream' | 'revision' | 'id' | 'type'>,
    cause: unknown,
  ) {
    super(
      `Expected the projection "${projection}" to fold ${type} (${stream}@${revision}, ${id}), but it threw: ${messageOf(cause)}`,
      { cause },
    );
    this.name = 'ProjectionFailure';
    this.projection = projection;
    this.position = position;
    this.stream = stream;
    this.revision = revision;
    this.eventId = id;
  }
}

/** An error as a projection's status shows it. */
export const faultOf = (error: unknown): ProjectionFault => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
  const message = messageOf(error);
  return error instanceof ProjectionFailure
    ? {
        code,
        message,
        position: error.position,
        stream: error.stream,
        revision: error.revision,
        eventId: error.eventId,
      }
    : { code, message, position: null, stream: null, revision: null, eventId: null };
};
