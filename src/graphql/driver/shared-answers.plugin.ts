import {
  createSourceEventStream,
  execute,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createSource } from '../feed/source.ts';
import { createIsImpersonal } from './is-impersonal.ts';

type Answer = ExecutionResult | Promise<ExecutionResult>;

/** Tells the same value to whoever asks for the same by one answer; values go, and their answers with them. */
const createAnswers = (): ((args: ExecutionArgs, value: unknown) => Answer) => {
  const answers = new WeakMap<object, Map<DocumentNode, Answer>>();
  return (args, value) => {
    const answer = (): Answer => execute({ ...args, rootValue: value });
    if (typeof value !== 'object' || value === null) return answer();
    let made = answers.get(value);
    if (made === undefined) answers.set(value, (made = new Map<DocumentNode, Answer>()));
    const there = made.get(args.document);
    if (there !== undefined) return there;
    const first = answer();
    made.set(args.document, first);
    return first;
  };
};

/**
 * Makes the answers of subscriptions over sockets once for all who have asked for the same by the same document, when
 * nothing in them depends on who asks: only of these fields. Which values somebody is told of stays each source's affair.
 */
export const sharedAnswersPlugin = (fields: ReadonlySet<string>): Plugin => {
  const isImpersonal = createIsImpersonal(fields);
  const answerOf = createAnswers();

  const subscribe = async (args: ExecutionArgs) => {
    const values = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in values)) return values;
    const iterator = values[Symbol.asyncIterator]();
    return createSource(
      async () => {
        const { done, value } = await iterator.next();
        return done === true ? undefined : answerOf(args, value);
      },
      async () => void (await iterator.return?.()),
    );
  };

  return {
    onSubscribe: ({ args, setSubscribeFn }) => {
      const { schema, document, contextValue } = args as ExecutionArgs;
      // What is told in an event stream has an id of its own.
      const isSocket = (contextValue as { readonly socket?: true }).socket === true;
      if (isSocket && isImpersonal(schema, document)) setSubscribeFn(subscribe);
    },
  };
};
