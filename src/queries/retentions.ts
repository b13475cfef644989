import { Query } from '@nestjs/cqrs';
import type { RetentionStatus } from '../ports/retentions.ts';

/** How long executions are kept, and what was removed. */
export class GetRetentions extends Query<readonly RetentionStatus[]> {}
