import type { GraphQLParams } from 'graphql-yoga';
import { getOperationAST, Kind, OperationTypeNode, parse } from 'graphql';
import type { Authenticator } from '../../ports/authenticator.ts';
import { GRAPHQL, type createContextOf, type GraphqlContext } from '../context.ts';
import type { YogaDriverConfig } from '../driver/yoga.driver.ts';
import { cursorIn, makeResumable } from '../feed/resume.ts';
import { createIdentities } from '../identities.ts';
import { guardSchema } from './guard.ts';
import { IMPERSONAL } from './impersonal.ts';
import { noteFormer, type RefusedParts, type Tried } from './refused.ts';

const ANYTHING: Tried = { wanted: 'read', operation: GRAPHQL, target: '' };

/** What a document asks for first, as far as it says so at its root: there are only so many fields. */
const triedBy = ({ query, operationName }: GraphQLParams): Tried => {
  if (query == null) return ANYTHING;
  const operation = getOperationAST(parse(query), operationName);
  const wanted = operation?.operation === OperationTypeNode.MUTATION ? 'command' : 'read';
  const first = operation?.selectionSet.selections[0];
  return { ...ANYTHING, wanted, operation: first?.kind === Kind.FIELD ? first.name.value : GRAPHQL };
};

/** What an entrance is made of. */
export interface EntranceParts extends RefusedParts {
  readonly authenticator: Authenticator;
  readonly contextOf: ReturnType<typeof createContextOf>;
}

/** Who comes to the API, and to what of it. */
export const entranceOf = ({
  authenticator,
  contextOf,
  ...refused
}: EntranceParts): Pick<YogaDriverConfig, 'contextOf' | 'guard' | 'opens' | 'cursorIn' | 'impersonal'> => {
  const identities = createIdentities(authenticator);
  return {
    contextOf: async (request, params): Promise<GraphqlContext> => {
      try {
        return contextOf(request, await identities.of(request));
      } catch (error) {
        noteFormer(refused, request, () => triedBy(params), error);
        throw error;
      }
    },
    guard: (schema) => {
      makeResumable(schema);
      guardSchema(schema);
    },
    cursorIn,
    impersonal: IMPERSONAL,
    opens: async (request, said) => {
      try {
        return await identities.opens(request, said);
      } catch (error) {
        noteFormer(refused, request, () => ANYTHING, error);
        throw error;
      }
    },
  };
};
