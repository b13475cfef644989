import { Query } from '@nestjs/cqrs';
import type { AuditDayVerdict } from '../domain/audit/verdict.ts';

/** Whether who has read what is on record as it was written: by day, from one moment to another (ms since the Unix epoch). */
export class VerifyAudit extends Query<readonly AuditDayVerdict[]> {
  readonly from: number;
  readonly to: number;

  constructor(from: number, to: number) {
    super();
    this.from = from;
    this.to = to;
  }
}
