import { Field, ObjectType } from '@nestjs/graphql';
import type { Json } from '../../domain/json.ts';
import { JsonValue } from '../scalars/json.scalar.ts';

/** An error of a step, as its activity gave it. */
@ObjectType('ExecutionError', { description: 'An error as it was recorded, read from the log.' })
export class ExecutionErrorModel {
  @Field(() => String, { description: 'What kind of error it is; retry policies name it.' })
  readonly type!: string;

  @Field(() => String, { description: 'What went wrong.' })
  readonly message!: string;

  @Field(() => JsonValue, { nullable: true, description: 'What else the activity said of it.' })
  readonly details?: Json;
}
