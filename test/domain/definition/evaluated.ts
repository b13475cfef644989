import type { Scope } from '../../../src/domain/definition/definition.ts';
import type { Json } from '../../../src/domain/json.ts';
import { parsed } from './parsed.ts';

const documentWith = (value: Json): string =>
  JSON.stringify({
    workflow: 'a',
    activities: [{ name: 'first' }, { name: 'second', output: { value } }, { name: 'third' }],
  });

/** What a value with `${…}` in it becomes, registered as the output of a second step and evaluated there. */
export const evaluated = (value: Json, scope: Scope = {}): Json => {
  const step = parsed(documentWith(value)).definition.steps[1];
  if (step?.kind !== 'activity') throw new Error('Expected an activity.');
  const template = step.output['value'];
  if (template === undefined) throw new Error('Expected an output.');
  return template.evaluate(scope);
};

/** The document in which `evaluated` evaluates. */
export const outputOf = documentWith;
