import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { AuditDayVerdict } from '../../domain/audit/verdict.ts';
import type { StoredDocument } from '../../ports/read-models.ts';
import type { AuditDocument } from '../../projections/audit.projection.ts';
import { BigIntText } from '../scalars/big-int.scalar.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { connectionClass } from './connection.ts';

/** What an entry tells of. */
export const AuditKinds = { COMMAND: 'command', READ: 'read' } as const;

registerEnumType(AuditKinds, {
  name: 'AuditKind',
  description: 'Whether something was done or read.',
  valuesMap: {
    COMMAND: { description: 'Something was changed: there are events of it.' },
    READ: { description: 'Something was read that is recorded when it is read.' },
  },
});

/** What came of it. */
export const AuditOutcomes = { ALLOWED: 'allowed', REFUSED: 'refused' } as const;

registerEnumType(AuditOutcomes, {
  name: 'AuditOutcome',
  description: 'Whether somebody was let.',
  valuesMap: {
    ALLOWED: { description: 'They were: it was done, or read.' },
    REFUSED: { description: 'They were not, since they may not: nothing was done or read.' },
  },
});

/** What is read. */
export const AuditedReads = { PAYLOADS: 'payloads', HISTORY: 'history', EXPORT: 'export' } as const;

registerEnumType(AuditedReads, {
  name: 'AuditedRead',
  description: 'What was read.',
  valuesMap: {
    PAYLOADS: { description: 'Payloads of an execution: inputs, outputs, variables, lines of its log.' },
    HISTORY: { description: 'Events of an execution as they stand in the log.' },
    EXPORT: { description: 'Events of a workflow, or of all.' },
  },
});

/** What fields of an entry are resolved from. */
export type AuditParent = Omit<AuditDocument, 'outcome'> & {
  readonly id: string;
  readonly position: bigint;
  readonly outcome: 'allowed' | 'refused';
};

/** What somebody has done or read, or was refused. */
@ObjectType('AuditEntry', { description: 'What somebody has done or read, or was refused.' })
export class AuditEntryModel {
  @Field(() => ID, { description: 'Where in the log it stands: stream and revision.' })
  readonly id!: string;

  @Field(() => AuditKinds, { description: 'Whether it was done or read, or would have been.' })
  readonly kind!: AuditDocument['kind'];

  @Field(() => DateTime, { description: 'When.' })
  readonly at!: number;

  @Field(() => String, { description: 'Id of whoever it was.' })
  readonly actor!: string;

  @Field(() => String, { description: 'What they are: `user`, `operator`.' })
  readonly actorKind!: string;

  @Field(() => String, {
    description:
      'How that is known: `jwt`, `api_key`, `admin_key`, `none` where nobody is asked, `internal` for the server itself.',
  })
  readonly via!: string;

  @Field(() => String, { description: 'Their tenant.' })
  readonly tenant!: string;

  @Field(() => String, {
    description:
      'The field of the API, or the route, that was asked for; the type of the first event of what was done before that was recorded.',
  })
  readonly operation!: string;

  @Field(() => String, {
    description:
      'What it was done to, or read of: an id of an execution, a name of a workflow; empty for everything.',
  })
  readonly target!: string;

  @Field(() => String, { nullable: true, description: 'Name of the workflow, where it was of one.' })
  readonly workflow!: string | null;

  @Field(() => AuditedReads, { nullable: true, description: 'What was read; null for what was done.' })
  readonly what!: string | null;

  @Field(() => Int, {
    description:
      'How often the same request has read it; how often it was refused since `at`, by any of their requests.',
  })
  readonly times!: number;

  @Field(() => AuditOutcomes, { description: 'Whether they were let.' })
  readonly outcome!: AuditParent['outcome'];

  @Field(() => String, {
    nullable: true,
    description:
      'Code that it was refused with: `FORBIDDEN`, `NOT_AN_ASSIGNEE`, `UNAUTHENTICATED` for a key that counts no more; null for what was not refused.',
  })
  readonly code!: string | null;

  @Field(() => Position, { description: 'Position in the log of what tells of it.' })
  readonly position!: bigint;
}

/** What fields of an entry are resolved from. */
export const auditEntryFrom = ({ key, doc, position }: StoredDocument<AuditDocument>): AuditParent => ({
  ...doc,
  outcome: doc.outcome ?? 'allowed',
  id: key,
  position,
});

/** A page of the audit log. */
@ObjectType('AuditConnection', { description: 'A page of the audit log.' })
export class AuditConnection extends connectionClass(AuditEntryModel, 'AuditEntry', 'entries') {}

/** Whether the record of a day is what was written. */
@ObjectType('AuditDay', { description: 'Whether what is recorded of reads of a day is what was written.' })
export class AuditDayModel {
  @Field(() => String, { description: 'Its stream: `audit-` and the day in UTC.' })
  readonly stream!: string;

  @Field(() => Boolean, { description: 'Whether its hash chain holds, and goes on from the day before.' })
  readonly ok!: boolean;

  @Field(() => BigIntText, { description: 'How many events were looked at.' })
  readonly events!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Hash of its last commit: keep it elsewhere to notice when the end is cut off.',
  })
  readonly head!: string | null;

  @Field(() => String, { nullable: true, description: 'What is wrong, and at which revision.' })
  readonly problem!: string | null;
}

/** A day as the API tells of it. */
export const auditDayFrom = ({ stream, events, head, problem }: AuditDayVerdict): AuditDayModel => ({
  stream,
  ok: problem === undefined,
  events,
  head: head?.hash ?? null,
  problem: problem ?? null,
});
