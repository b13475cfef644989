import type { JsonObject } from '../json.ts';
import { buildDefinition } from './build/build-definition.ts';
import { asObject } from './build/fields.ts';
import { definitionHash } from './canonical.ts';
import type { Definition } from './definition.ts';
import type { Report } from './report.ts';

/** A stored document was accepted once: what today's rules think of it changes nothing. */
const ACCEPTED: Report = { problem: () => {}, warning: () => {} };

/** Makes a stored document ready to run. Throws a `TypeError` for one that is no definition. */
export const compileDefinition = (document: JsonObject): Definition => {
  const execution = asObject(document['execution']);
  if (execution === undefined)
    throw new TypeError('Expected a document with "execution" at its top, but there is none.');
  return buildDefinition(execution, definitionHash(document), ACCEPTED);
};
