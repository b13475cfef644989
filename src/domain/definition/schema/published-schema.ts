import { asObject, field } from '../build/fields.ts';
import type { JsonObject } from '../../json.ts';
import { DEFINITION_SCHEMA } from './definition-schema.ts';

const required = (...names: readonly string[]): JsonObject => ({ required: names });

/**
 * The schema for editors, as text. Rules between fields are in it too, which the check here leaves to the code that
 * reads the steps, since its words are better than a schema's.
 */
export const printDefinitionSchema = (): string => {
  const defs = asObject(DEFINITION_SCHEMA['$defs']) ?? {};
  const published = {
    ...DEFINITION_SCHEMA,
    title: 'Sagalog workflow definition',
    description: 'A workflow: what starts it, its steps, and what follows from errors.',
    anyOf: [required('execution'), required('workflow')],
    $defs: {
      ...defs,
      wait: {
        ...asObject(field(defs, 'wait')),
        oneOf: [required('for'), required('until'), required('signal')],
        dependentRequired: { timeout: ['signal'] },
      },
      step: {
        ...asObject(field(defs, 'step')),
        not: { anyOf: [required('set', 'wait'), required('set', 'activity'), required('wait', 'activity')] },
      },
      trigger: { ...asObject(field(defs, 'trigger')), dependentRequired: { conditions: ['event'] } },
      fallback: { ...asObject(field(defs, 'fallback')), ...required('activity') },
    },
  };
  return `${JSON.stringify(published, null, 2)}\n`;
};
