import {
  parse,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type ParseOptions,
  type Source,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { apiError } from '../errors/api-error.ts';
import { coercionFault } from '../errors/coercion-fault.ts';
import { literalFaults } from '../errors/literal-faults.ts';
import type { GraphqlLimits } from './limits.ts';
import { limitsRule } from './limits.rule.ts';
import { subscriptionRule } from './subscription.rule.ts';

const tooLong = (found: number, expected: number): GraphQLError =>
  apiError(
    'DOCUMENT_TOO_LONG',
    `Expected a document of at most ${expected} characters, but it has ${found}; put values into variables.`,
    { found, expected, http: { spec: true, status: 400 } },
  );

const lengthOf = (source: string | Source): number =>
  typeof source === 'string' ? source.length : source.body.length;

/** Gives errors their codes: a value that cannot be taken is the input's fault, all else the document's. */
const codeAll = (schema: GraphQLSchema, document: DocumentNode, errors: readonly GraphQLError[]): void => {
  const faults = literalFaults(schema, document, errors);
  for (const error of errors) {
    const fault = faults.get(error) ?? coercionFault(error);
    const code = fault === undefined ? 'GRAPHQL_VALIDATION_FAILED' : 'BAD_USER_INPUT';
    Object.assign(error.extensions, { code, ...fault, ...error.extensions });
  }
};

/** What holds for every operation, whichever way it came: limits, and a code on every error of the document. */
export const checksPlugin = (limits: GraphqlLimits): Plugin => {
  const rule = limitsRule(limits);
  return {
    onParse: ({ params: { source }, setParseFn }) => {
      // Documents are kept: what is long is refused before.
      if (lengthOf(source) > limits.document) throw tooLong(lengthOf(source), limits.document);
      setParseFn((source: string | Source, options?: ParseOptions) =>
        parse(source, { ...options, maxTokens: limits.tokens }),
      );
      return ({ result }) => {
        if (result instanceof Error && 'extensions' in result) {
          (result as GraphQLError).extensions['code'] ??= 'GRAPHQL_PARSE_FAILED';
        }
      };
    },
    onValidate: ({ params: { schema, documentAST }, addValidationRule }) => {
      addValidationRule(rule);
      addValidationRule(subscriptionRule);
      return ({ result }) => {
        const errors = result as readonly GraphQLError[];
        if (errors.length > 0) codeAll(schema, documentAST, errors);
      };
    },
  };
};
