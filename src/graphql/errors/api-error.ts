import { GraphQLError } from 'graphql';
import type { JsonObject } from '../../domain/json.ts';

/** An error of the API with its stable code. The message reads "Expected …, but …". */
export const apiError = (code: string, message: string, details: JsonObject = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { ...details, code } });
