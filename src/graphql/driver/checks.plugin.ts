import { parse, type GraphQLError, type ParseOptions, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { apiError } from '../errors/api-error.ts';
import type { GraphqlLimits } from './limits.ts';
import { limitsRule } from './limits.rule.ts';

const FORM = 'application/x-www-form-urlencoded';

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
    onValidate: ({ addValidationRule }) => {
      addValidationRule(rule);
      return ({ result }) => {
        for (const error of result as readonly GraphQLError[]) {
          error.extensions['code'] ??= 'GRAPHQL_VALIDATION_FAILED';
        }
      };
    },
  };
};
