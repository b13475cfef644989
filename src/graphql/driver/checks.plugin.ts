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

const FORM = 'application/x-www-form-urlencoded';

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
    onRequestParse: ({ request, endResponse, fetchAPI }) => {
      // A page of another site can send a form without asking the browser first, and so carry out mutations.
      if (request.method !== 'POST' || request.headers.get('content-type')?.includes(FORM) !== true) return;
      const error = apiError('UNSUPPORTED_MEDIA_TYPE', `Expected application/json, but found ${FORM}.`);
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      endResponse(new fetchAPI.Response(JSON.stringify({ errors: [error] }), { status: 415, headers }));
    },
    onParse: ({ setParseFn }) => {
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
      return ({ result }) => {
        const errors = result as readonly GraphQLError[];
        if (errors.length > 0) codeAll(schema, documentAST, errors);
      };
    },
  };
};
