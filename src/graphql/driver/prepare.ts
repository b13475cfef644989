import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { Operations } from './operations.ts';
import type { Transport, Yoga } from './transport.ts';

/** What is asked for. */
export interface Params {
  readonly query?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions?: unknown;
}

/** An operation that can be carried out, and what does so. */
export interface Prepared extends Pick<ReturnType<Yoga['getEnveloped']>, 'execute' | 'subscribe'> {
  readonly args: ExecutionArgs;
}

/** Parses and checks an operation and makes its context, or tells what is wrong with it. Rejects with what nothing can be made of. */
export const prepare = async (
  yoga: Yoga,
  operations: Operations,
  transport: Transport,
  params: Params,
): Promise<Prepared | readonly GraphQLError[]> => {
  const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
    ...transport,
    params,
  });
  const document = parse(operations.documentOf(params) ?? '');
  const problems = validate(schema, document);
  if (problems.length > 0) return problems;
  const contextValue = await contextFactory();
  const { operationName, variables: variableValues } = params;
  return { args: { schema, document, operationName, variableValues, contextValue }, execute, subscribe };
};
