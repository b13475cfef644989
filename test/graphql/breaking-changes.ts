import { findBreakingChanges, type GraphQLSchema } from 'graphql';

/** A breaking change as it stands in the list, without its day. */
export interface ListedChange {
  readonly day: string;
  readonly text: string;
}

const LINE = /^- (\d{4}-\d\d-\d\d) (`[A-Z_]+` .+)$/;

/** The changes under the first heading of a list: those that are not released yet. */
export const listedChanges = (markdown: string): readonly ListedChange[] => {
  const [, section = ''] = markdown.split(/^## /m);
  return section.split('\n').flatMap((line) => {
    const [, day, text] = LINE.exec(line) ?? [];
    return day === undefined || text === undefined ? [] : [{ day, text }];
  });
};

/** What breaks clients of a schema that was released, in the words of the list. */
export const brokenBy = (released: GraphQLSchema, now: GraphQLSchema): readonly string[] =>
  findBreakingChanges(released, now).map(({ type, description }) => `\`${type}\` ${description}`);
