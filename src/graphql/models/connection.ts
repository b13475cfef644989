import type { Type } from '@nestjs/common';
import { Field, ObjectType } from '@nestjs/graphql';
import type { Page } from '../../queries/page.ts';
import { PageInfo } from './page-info.model.ts';

/** One item of a connection. */
export interface EdgeOf<T> {
  readonly cursor: string;
  readonly node: T;
}

/** A page of a list in the form that Relay made common. */
export interface ConnectionOf<T> {
  readonly edges: readonly EdgeOf<T>[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
}

/** The class of a connection; `name` is that of its items' type, `items` what they are called. */
export const connectionClass = <T>(node: Type<T>, name: string, items: string): Type<ConnectionOf<T>> => {
  @ObjectType(`${name}Edge`, { description: `One of the ${items} of a page.` })
  class Edge implements EdgeOf<T> {
    @Field(() => String, { description: 'Where the next page goes on, as `after`.' })
    readonly cursor!: string;

    @Field(() => node, { description: 'The item.' })
    readonly node!: T;
  }

  @ObjectType({ isAbstract: true })
  class Connection implements ConnectionOf<T> {
    @Field(() => [Edge], { description: `The ${items} with their cursors.` })
    readonly edges!: readonly Edge[];

    @Field(() => [node], { description: `The ${items} alone.` })
    readonly nodes!: readonly T[];

    @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
    readonly pageInfo!: PageInfo;
  }
  return Connection;
};

/** A page that was asked for as a connection of what `model` makes of its items. */
export const connectionFrom = <Item, T>(
  { items, hasNextPage, endCursor }: Page<Item>,
  { after }: { readonly after?: string | null },
  model: (item: Item) => T,
): ConnectionOf<T> => {
  const nodes = items.map(({ node }) => model(node));
  return {
    nodes,
    // What has cursors is made for those who ask for it.
    get edges() {
      return nodes.map((node, at) => ({ cursor: items[at]?.cursor ?? '', node }));
    },
    get pageInfo() {
      return {
        hasNextPage,
        hasPreviousPage: after != null,
        startCursor: items[0]?.cursor ?? null,
        endCursor: endCursor ?? items.at(-1)?.cursor ?? null,
      };
    },
  };
};
