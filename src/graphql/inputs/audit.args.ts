import { ArgsType, Field, InputType } from '@nestjs/graphql';
import type { AuditFilter } from '../../queries/audit.ts';
import { AuditKinds, AuditOutcomes } from '../models/audit.model.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { IsShortText } from './checks.ts';

const LONGEST = 500;

/** Which entries of the audit log are listed. */
@InputType('AuditFilter', { description: 'Which entries are wanted; all of it must hold.' })
export class AuditFilterInput {
  @IsShortText(LONGEST)
  @Field(() => String, { nullable: true, description: 'Id of whoever it was.' })
  readonly actor?: string | null;

  @IsShortText(LONGEST)
  @Field(() => String, {
    nullable: true,
    description:
      'The field of the API, or the route, that was asked for: `cancelExecution`, `POST /events/<type>`.',
  })
  readonly operation?: string | null;

  @IsShortText(LONGEST)
  @Field(() => String, {
    nullable: true,
    description: 'What it was done to, or read of: an id of an execution, a name of a workflow.',
  })
  readonly target?: string | null;

  @Field(() => AuditKinds, { nullable: true, description: 'Only what was done, or what was read.' })
  readonly kind?: AuditFilter['kind'] | null;

  @Field(() => AuditOutcomes, {
    nullable: true,
    description: 'Only what somebody was let, or what they were refused.',
  })
  readonly outcome?: AuditFilter['outcome'] | null;

  @Field(() => DateTime, { nullable: true, description: 'From this time on.' })
  readonly from?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Before this time.' })
  readonly to?: number | null;
}

/** The filter in the terms of the query. */
export const auditFilter = (input: AuditFilterInput | null): AuditFilter => ({
  actor: input?.actor ?? undefined,
  operation: input?.operation ?? undefined,
  target: input?.target ?? undefined,
  kind: input?.kind ?? undefined,
  outcome: input?.outcome ?? undefined,
  from: input?.from ?? undefined,
  to: input?.to ?? undefined,
});

/** The days whose record is verified. */
@ArgsType()
export class VerifyAuditArgs {
  @Field(() => DateTime, { description: 'A time of the first day, in UTC.' })
  readonly from!: number;

  @Field(() => DateTime, { nullable: true, description: 'A time of the last day; today when left out.' })
  readonly to?: number | null;
}
