import { isObjectType, type GraphQLField, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { Caller } from '../../commands/caller.ts';
import type { GraphqlContext } from '../context.ts';
import { FIELDS } from './decisions.ts';
import { allow, type Need } from './needs.ts';
import { untilOver } from './until-over.ts';

type Resolver = GraphQLFieldResolver<unknown, GraphqlContext>;

/** Arguments that name a workflow, where a field has one. */
const workflowIn = (args: Readonly<Record<string, unknown>>): string | undefined => {
  const { workflow, name } = args;
  const named = workflow ?? name;
  return typeof named === 'string' ? named : undefined;
};

/** What somebody asks for by a field, and why if they say so. */
const asking = (caller: Caller, operation: string, { reason }: Readonly<Record<string, unknown>>): Caller => {
  const said = typeof reason === 'string' && reason !== '' ? { reason } : {};
  return caller.request === undefined
    ? caller
    : { ...caller, request: { ...caller.request, operation, ...said } };
};

/** The same for whoever may it, kept to where they may. */
const guarded =
  (need: Need, resolve: Resolver): Resolver =>
  (source, args: Readonly<Record<string, unknown>>, context, info): unknown => {
    const { caller, identity, asked: fields } = context;
    const scope = allow(identity.access, need, workflowIn(args));
    fields.add(info.fieldName);
    const asked = asking(caller, info.fieldName, args);
    return resolve(source, args, { ...context, scope, caller: { ...asked, scope } }, info);
  };

const guardField = (field: GraphQLField<unknown, GraphqlContext>, need: Need): void => {
  const { resolve, subscribe } = field;
  if (subscribe === undefined) {
    if (resolve !== undefined) field.resolve = guarded(need, resolve);
    return;
  }
  const open = guarded(need, subscribe);
  field.subscribe = async (source, args: Readonly<Record<string, unknown>>, context, info) => {
    const values = await open(source, args, context, info);
    // What refuses may say so by what it gives.
    return values instanceof Error ? values : untilOver(values as AsyncIterableIterator<unknown>, context);
  };
};

/**
 * Lets nobody come to a field at the root of a schema who may not, before anything of it is carried out. Throws when there is
 * a field that nothing is decided about.
 */
export const guardSchema = (schema: GraphQLSchema, needs: Readonly<Record<string, Need>> = FIELDS): void => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots
    .filter(isObjectType)
    .flatMap((root) =>
      Object.values(root.getFields()).map((field) => ({ name: `${root.name}.${field.name}`, field })),
    );
  const undecided = fields.filter(({ name }) => !Object.hasOwn(needs, name)).map(({ name }) => name);
  if (undecided.length > 0)
    throw new TypeError(
      `Expected a decision who may ask for every field, but there is none for ${undecided.join(', ')}.`,
    );
  for (const { name, field } of fields) {
    const need = needs[name];
    if (need !== undefined) guardField(field, need);
  }
};
