import {
  isObjectType,
  OperationTypeNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { Caller } from '../../commands/caller.ts';
import type { Scope } from '../../domain/access/scope.ts';
import type { GraphqlContext } from '../context.ts';
import { FIELDS } from './decisions.ts';
import { allow, type Need } from './needs.ts';
import { wantOfRights, type Tried } from './refused.ts';
import { untilOver } from './until-over.ts';

type Resolver = GraphQLFieldResolver<unknown, GraphqlContext>;

/** Arguments that name a workflow, where a field has one. */
const workflowIn = (args: Readonly<Record<string, unknown>>): string | undefined => {
  const { workflow, name } = args;
  const named = workflow ?? name;
  return typeof named === 'string' ? named : undefined;
};

/** What a field would have done, or shown, to what. */
const triedOf = (
  { fieldName, operation }: GraphQLResolveInfo,
  args: Readonly<Record<string, unknown>>,
): Tried => {
  const { executionId, id, name } = args;
  const workflow = workflowIn(args);
  const target = [executionId, id, name, workflow].find((named) => typeof named === 'string');
  return {
    wanted: operation.operation === OperationTypeNode.MUTATION ? 'command' : 'read',
    operation: fieldName,
    target: target ?? '',
    workflow,
  };
};

/** What somebody asks for by a field, and why if they say so. */
const asking = (caller: Caller, operation: string, { reason }: Readonly<Record<string, unknown>>): Caller => {
  const said = typeof reason === 'string' && reason !== '' ? { reason } : {};
  return caller.request === undefined
    ? caller
    : { ...caller, request: { ...caller.request, operation, ...said } };
};

/** What a command comes to; of an error, which it gives or rejects with, somebody else is told first. */
const toldOf = async (answer: unknown, failed: (error: unknown) => void): Promise<unknown> => {
  try {
    const given = await answer;
    if (given instanceof Error) failed(given);
    return given;
  } catch (error) {
    failed(error);
    throw error;
  }
};

/** The same for whoever may it, kept to where they may. */
const guarded =
  (need: Need, resolve: Resolver): Resolver =>
  (source, args: Readonly<Record<string, unknown>>, context, info): unknown => {
    const { caller, identity, asked: fields, refusals } = context;
    const asked = asking(caller, info.fieldName, args);
    const note = (error: unknown): void => {
      const code = wantOfRights(error);
      if (code !== undefined) refusals.note({ ...triedOf(info, args), code }, asked);
    };
    let scope: Scope;
    try {
      scope = allow(identity.access, need, workflowIn(args));
    } catch (error) {
      note(error);
      throw error;
    }
    fields.add(info.fieldName);
    const answer = resolve(source, args, { ...context, scope, caller: { ...asked, scope } }, info);
    // Commands are refused by what they come to, too; no read is.
    return info.operation.operation === OperationTypeNode.MUTATION ? toldOf(answer, note) : answer;
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
