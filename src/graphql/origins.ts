import type DataLoader from 'dataloader';
import { isAuditEntry, type AuditEntry, type ReadPayload } from '../domain/audit/events.ts';
import type { RecordedEvent } from '../domain/event.ts';
import type { EventLog } from '../ports/event-log.ts';
import { createReader, type PayloadPlace } from './payloads.ts';

/** Where something that is on record came from, and why. */
export interface Origin {
  readonly request: string | undefined;
  readonly address: string | undefined;
  readonly reason: string | undefined;
}

/** Origins of what is on record, by its place. */
export type Origins = DataLoader<PayloadPlace, Origin | null, string>;

const originOf = ({ type, facts, payload, commit }: RecordedEvent): Origin => {
  if (isAuditEntry(type)) {
    const { address, reason } = JSON.parse(payload ?? '{}') as ReadPayload;
    return { request: (facts as object as AuditEntry['facts']).request, address, reason };
  }
  const { request } = commit.metadata;
  return { request: request?.id, address: request?.address, reason: request?.reason };
};

/** Reads where things came from, which no view holds since it is personal. */
export const createOrigins = (log: EventLog): Origins => createReader(log, originOf);
