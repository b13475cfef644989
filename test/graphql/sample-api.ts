import {
  Args,
  ArgsType,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  Subscription,
} from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { GraphQLError } from 'graphql';
import type { Json } from '../../src/domain/json.ts';
import { Rejection } from '../../src/domain/rejection.ts';
import type { Source } from '../../src/graphql/feed/source.ts';
import { nullable } from '../../src/graphql/errors/input-pipe.ts';
import { ExecutionFilterInput } from '../../src/graphql/inputs/execution-filter.input.ts';
import { IsEventId, IsExecutionId } from '../../src/graphql/inputs/checks.ts';
import { PageArgs } from '../../src/graphql/inputs/query.args.ts';
import { ApiResolver } from '../../src/graphql/resolvers/api-resolver.ts';
import { BigIntText } from '../../src/graphql/scalars/big-int.scalar.ts';
import { DateTime } from '../../src/graphql/scalars/date-time.scalar.ts';
import { Duration } from '../../src/graphql/scalars/duration.scalar.ts';
import { JsonValue } from '../../src/graphql/scalars/json.scalar.ts';
import { Position } from '../../src/graphql/scalars/position.scalar.ts';
import { LogUnavailable } from '../../src/ports/event-log.ts';
import { CorruptDocument } from '../../src/ports/stored-object.ts';
import { countedSource } from './counted-source.ts';

const failures: Readonly<Record<string, () => Error>> = {
  overload: () =>
    new Rejection('OVERLOADED', 'Expected less to do, but there is too much.', { retryAfter: 1_500 }),
  rejection: () =>
    new Rejection('INVALID_INPUT', 'Expected a, but b.', { field: 'f', found: 1, expected: 2 }),
  log: () => new LogUnavailable('connect ECONNREFUSED 10.1.2.3:2113'),
  document: () => new CorruptDocument('things_1', { key: 'a', position: 1n, text: '{not json' }),
  bug: () => new TypeError('password=hunter2'),
  graphql: () => new GraphQLError('Expected x.', { extensions: { code: 'MINE' } }),
};

const failureOf = (how: string): Error => failures[how]?.() ?? new Error('unknown');

const AS_IT_IS = { resolve: (value: unknown): unknown => value };

@ObjectType('Link')
class Link {
  @Field(() => Int)
  readonly number!: number;
}

@ObjectType('Bead')
class Bead {
  @Field(() => Int)
  readonly number!: number;

  /** How often any bead was asked for this before. */
  @Field(() => Int)
  readonly looks!: number;
}

@ArgsType()
class EchoArgs extends PageArgs {
  @Field(() => Position, { nullable: true })
  readonly position?: bigint | null;

  @Field(() => DateTime, { nullable: true })
  readonly time?: number | null;

  @Field(() => Duration, { nullable: true })
  readonly length?: number | null;

  @Field(() => BigIntText, { nullable: true })
  readonly whole?: bigint | null;

  @IsOptional()
  @IsExecutionId()
  @Field(() => ID, { nullable: true })
  readonly execution?: string | null;

  @IsOptional()
  @IsEventId()
  @Field(() => ID, { nullable: true })
  readonly event?: string | null;

  @Field(() => JsonValue, { nullable: true })
  readonly json?: Json;
}

/** An API with everything that the driver has to carry. */
@ApiResolver(() => Link)
export class SampleResolver {
  #bumps = 0;
  #looks = 0;
  readonly #beads = [0, 1, 2].map((number): Bead => {
    const look = (): number => this.#looks++;
    return {
      number,
      get looks() {
        return look();
      },
    };
  });

  @Query(() => Int)
  bumps(): number {
    return this.#bumps;
  }

  @Query(() => Int)
  fail(@Args('how', { type: () => String }) how: string): number {
    throw failureOf(how);
  }

  @Query(() => [Link])
  links(@Args('first', { type: () => Int, defaultValue: 1 }) first: number): readonly Link[] {
    return Array.from({ length: first }, (_, number) => ({ number }));
  }

  @ResolveField(() => [Link])
  next(@Args('first', { type: () => Int, defaultValue: 1 }) first: number): readonly Link[] {
    return this.links(first);
  }

  /** Everything that inputs of the API are made of, given back. */
  @Query(() => JsonValue)
  echo(
    @Args({ type: () => EchoArgs }) args: EchoArgs,
    @Args('filter', { type: () => ExecutionFilterInput, nullable: true }, nullable(ExecutionFilterInput))
    filter: ExecutionFilterInput | null,
  ): Json {
    const { position, whole, ...others } = args;
    return { ...others, position: String(position), whole: String(whole), filter } as unknown as Json;
  }

  @Mutation(() => Int)
  bump(): number {
    return (this.#bumps += 1);
  }

  /** As many numbers as are pulled, each at once. */
  @Subscription(() => Int, AS_IT_IS)
  numbers(): Source<number> {
    let number = 0;
    return countedSource(() => Promise.resolve((number += 1)));
  }

  /** As many texts as are pulled, each at once: a number and as many more characters. */
  @Subscription(() => String, AS_IT_IS)
  texts(@Args('size', { type: () => Int }) size: number): Source<string> {
    let number = 0;
    const padding = '.'.repeat(size);
    return countedSource(() => Promise.resolve(`${(number += 1)}${padding}`));
  }

  /** Never says anything. */
  @Subscription(() => Int, AS_IT_IS)
  silence(): Source<number> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    return countedSource<number>(
      () => promise,
      () => resolve(undefined),
    );
  }

  /** Says one thing and fails. */
  @Subscription(() => Int, AS_IT_IS)
  broken(@Args('how', { type: () => String }) how: string): Source<number> {
    let said = false;
    return countedSource(() => {
      if (said) return Promise.reject(failureOf(how));
      said = true;
      return Promise.resolve(1);
    });
  }

  /** The same few objects for everybody. */
  @Subscription(() => Bead, AS_IT_IS)
  beads(): Source<Bead> {
    const left = this.#beads.values();
    return countedSource(() => Promise.resolve(left.next().value));
  }

  /** Is opened for nobody. */
  @Subscription(() => Int, AS_IT_IS)
  refused(): Source<number> {
    throw failureOf('rejection');
  }
}
