import type { GraphqlContext } from './context.ts';

/** Makes one for each context, when it is first asked for there; it is gone with the context. */
export const perContext = <T>(create: (context: GraphqlContext) => T): ((context: GraphqlContext) => T) => {
  const made = new WeakMap<GraphqlContext, T>();
  return (context) => {
    const one = made.get(context) ?? create(context);
    made.set(context, one);
    return one;
  };
};
