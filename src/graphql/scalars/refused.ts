import { GraphQLError, type ASTNode } from 'graphql';

/** The refusal of a scalar's value; `example` shows what is expected, `node` is where it stands in a document. */
export const refused = (expected: string, found: string, { example, node }: Refusal = {}): GraphQLError =>
  new GraphQLError(
    `Expected ${expected}${example === undefined ? '' : `, like ${example}`}, but found ${found}.`,
    { nodes: node ?? null, extensions: { code: 'BAD_USER_INPUT', found, expected } },
  );

interface Refusal {
  readonly example?: string;
  readonly node?: ASTNode | undefined;
}
