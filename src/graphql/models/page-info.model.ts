import { Field, ObjectType } from '@nestjs/graphql';

/** Where a page stands in its list. */
@ObjectType({ description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more behind the page.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether the list begins before the page: it does when `after` was given.',
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first item.' })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: '`after` of the next page: cursor of the last item, or where so much was looked through.',
  })
  readonly endCursor!: string | null;
}
