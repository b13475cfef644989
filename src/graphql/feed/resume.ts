import { getNullableType, isObjectType, isScalarType, type GraphQLSchema } from 'graphql';
import type { GraphqlContext } from '../context.ts';

type Context = Partial<Pick<GraphqlContext, 'lastEventId'>>;

interface Told {
  readonly cursor?: unknown;
  readonly position?: unknown;
}

const stands = new WeakMap<object, string>();

/** The cursor of the value that was told last of the subscription that has this context, if it has any. */
export const cursorIn = (context: object): string | undefined => stands.get(context);

/**
 * Lets each subscription that takes `after` go on where an event stream says that its client was, whatever the document
 * says, and notes the cursor of each value that is told.
 */
export const makeResumable = (schema: GraphQLSchema): void => {
  const type = schema.getSubscriptionType();
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  for (const field of fields) {
    const after = field.args.find(({ name }) => name === 'after');
    const scalar = after && getNullableType(after.type);
    const { subscribe, resolve } = field;
    if (subscribe === undefined || resolve === undefined || !isScalarType(scalar)) continue;
    field.subscribe = (source, args: object, context: Context, info): unknown => {
      const { lastEventId } = context;
      const from = lastEventId === undefined ? args : { ...args, after: scalar.parseValue(lastEventId) };
      return subscribe(source, from, context, info);
    };
    field.resolve = (value, args, context: Context, info): unknown => {
      const told = resolve(value, args, context, info) as Told;
      stands.set(context, String(scalar.serialize(told.cursor ?? told.position)));
      return told;
    };
  }
};
