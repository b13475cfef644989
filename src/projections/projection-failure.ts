import type { RecordedEvent } from '../domain/event.ts';
import type { EventFault, ProjectionFault } from './projector.ts';

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

  /** It as a projection's status shows it. */
  fault(): EventFault {
    const { code, message, position, stream, revision, eventId } = this;
    return { code, message, position, stream, revision, eventId };
  }
}

/** An error as a projection's status shows it. */
export const faultOf = (error: unknown): ProjectionFault => {
  if (error instanceof ProjectionFailure) return error.fault();
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
  return { code, message: messageOf(error), position: null, stream: null, revision: null, eventId: null };
};
