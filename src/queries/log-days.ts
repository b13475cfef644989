import { Query } from '@nestjs/cqrs';

/** What the log has of a category of streams on a day. */
export interface LogDay {
  readonly category: string;
  /** 2026-01-31, in UTC. */
  readonly day: string;
  readonly events: number;
  /** Of their ids and types, whatever the order: 16 hexadecimal digits. */
  readonly checksum: string;
}

/** What is in the log up to a position, by category and day. Reads all of it. */
export class GetLogDays extends Query<readonly LogDay[]> {
  readonly upTo: bigint | undefined;

  constructor(upTo: bigint | undefined) {
    super();
    this.upTo = upTo;
  }
}
