import { Kind, print, type GraphQLError } from 'graphql';
import type { InputFault } from './literal-faults.ts';

const INVALID = /^Variable "(\$\w+)" got invalid value (.+?)(?: at "\w+([^"]*)")?; /s;
const MISSING = /^Variable "(\$\w+)" of required type "(.+)" was not provided\.$/;
const NULL = /^(?:Variable|Argument) "(\$?\w+)" of non-null type "(.+)" must not be null\.$/;
const ARGUMENT = /^Argument "(\w+)" has invalid value (.+)\.$/s;
const REQUIRED = /argument "(\w+)" of type "(.+)" is required, but it was not provided\.$/;

const typeAt = ({ nodes }: GraphQLError): string => {
  const [node] = nodes ?? [];
  return node?.kind === Kind.VARIABLE_DEFINITION ? print(node.type) : 'a value that it takes';
};

/**
 * What is wrong with a variable or an argument that GraphQL itself refused; `undefined` for another error.
 * Only the message has it: it is the one of graphql 16, and a spec fails when that changes.
 */
export const coercionFault = (error: GraphQLError): InputFault | undefined => {
  const { message } = error;
  const [, invalid, value, path = ''] = INVALID.exec(message) ?? [];
  if (invalid !== undefined && value !== undefined)
    return { field: `${invalid}${path}`, found: value, expected: typeAt(error) };
  const [, missing, type] = MISSING.exec(message) ?? REQUIRED.exec(message) ?? [];
  if (missing !== undefined && type !== undefined)
    return { field: missing, found: 'nothing', expected: type };
  const [, empty, full] = NULL.exec(message) ?? [];
  if (empty !== undefined && full !== undefined) return { field: empty, found: 'null', expected: full };
  const [, argument, text] = ARGUMENT.exec(message) ?? [];
  if (argument !== undefined && text !== undefined)
    return { field: argument, found: text, expected: typeAt(error) };
  return undefined;
};
