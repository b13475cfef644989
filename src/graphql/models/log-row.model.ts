import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Component } from '../../domain/definition/observed.ts';
import type { JsonObject } from '../../domain/json.ts';
import { ordinalOf, type LogRow, type RowLevel } from '../../projections/log-row.ts';
import type { Cursor as CursorValue, Lag } from '../feed/cursor.ts';
import { Cursor } from '../scalars/cursor.scalar.ts';
import { DateTime } from '../scalars/date-time.scalar.ts';
import { JsonValue } from '../scalars/json.scalar.ts';
import { Position } from '../scalars/position.scalar.ts';
import { connectionClass } from './connection.ts';
import { LagModel } from './lag.model.ts';
import { LogComponents, LogLevels } from './log-enums.ts';

/** One row of the log of a run. */
@ObjectType('LogRow', { description: 'One row of the log of a run.' })
export class LogRowModel {
  @Field(() => ID, { description: 'Unique among all rows.' })
  readonly id!: string;

  @Field(() => DateTime, { description: 'When it was written.' })
  readonly timestamp!: number;

  @Field(() => String, { description: 'Name of the workflow.' })
  readonly workflow!: string;

  @Field(() => ID, { description: 'The execution.' })
  readonly executionId!: string;

  @Field(() => String, { nullable: true, description: 'Path of the step.' })
  readonly step!: string | null;

  @Field(() => String, { nullable: true, description: 'The activity that is called.' })
  readonly activity!: string | null;

  @Field(() => Int, { nullable: true, description: 'Number of the attempt, from 1.' })
  readonly attempt!: number | null;

  @Field(() => LogLevels, { description: 'How much it matters.' })
  readonly level!: RowLevel;

  @Field(() => LogComponents, { description: 'Where it comes from.' })
  readonly component!: Component;

  @Field(() => String, { description: 'Type of the event that it tells of.' })
  readonly type!: string;

  @Field(() => String, { description: 'What it says.' })
  readonly message!: string;

  @Field(() => JsonValue, { description: 'Facts of the event; of a line of an activity, what came with it.' })
  readonly fields!: JsonObject;

  @Field(() => Int, { description: 'Revision of the event.' })
  readonly revision!: number;

  @Field(() => Position, { description: 'Position of the event.' })
  readonly position!: bigint;

  @Field(() => Cursor, {
    description: 'What a client that comes back gives as `after` of the subscription to have what follows.',
  })
  readonly cursor!: CursorValue;

  @Field(() => LagModel, {
    nullable: true,
    description:
      'Of a subscription: set while its client is so slow that it is more than 1,000 events behind; null otherwise.',
  })
  readonly lagging?: Lag | null;
}

/** What fields of a row are resolved from. */
export const logRowFrom = ({ at, ...row }: LogRow): LogRowModel => ({
  ...row,
  timestamp: at,
  cursor: { position: row.position, seen: ordinalOf(row) },
});

/** A page of rows. */
@ObjectType('LogConnection', { description: 'A page of rows of logs.' })
export class LogConnection extends connectionClass(LogRowModel, 'Log', 'rows') {}
