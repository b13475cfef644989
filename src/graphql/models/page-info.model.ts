import { Field, ObjectType } from '@nestjs/graphql';

/** Where a page stands in its list. */
@ObjectType({ description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, {
    description:
      'Whether to go on behind the page: there is more, or there may be, behind a page of `executions` that has fewer items than were wanted.',
  })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether the list begins before the page: it does when `after` was given.',
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first item.' })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      '`after` of the next page: cursor of the last item, or, of a page that has fewer items than were wanted, how far was looked. A page without items has one, too, when there may be more.',
  })
  readonly endCursor!: string | null;
}
