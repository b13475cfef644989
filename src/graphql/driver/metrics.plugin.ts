import { getOperationAST, OperationTypeNode, type ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { errorCode } from '../errors/error-mapper.ts';
import type { Metrics, OperationKind } from '../../ports/metrics.ts';

const outcomeOf = (result: unknown): string => {
  const [first] = (result as ExecutionResult).errors ?? [];
  return first === undefined ? 'ok' : errorCode(first);
};

/** Counts and times operations that are carried out, whichever way they came: a subscription until it has begun. */
export const metricsPlugin = (metrics: Pick<Metrics, 'answered'>): Plugin => {
  const timed = (kind: OperationKind) => {
    const from = performance.now();
    return (result: unknown): void =>
      metrics.answered(kind, outcomeOf(result), (performance.now() - from) / 1_000);
  };
  return {
    onExecute: ({ args }) => {
      const kind = getOperationAST(args.document, args.operationName)?.operation;
      if (kind === undefined || kind === OperationTypeNode.SUBSCRIPTION) return {};
      const done = timed(kind);
      return { onExecuteDone: ({ result }) => done(result) };
    },
    onSubscribe: () => {
      const done = timed('subscription');
      return { onSubscribeResult: ({ result }) => done(result) };
    },
  };
};
