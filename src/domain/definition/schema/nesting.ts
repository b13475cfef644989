import type { JsonObject } from '../../json.ts';
import { block, described, oneOf, ref, whole } from './common.ts';

const CONDITION: JsonObject = {
  title: 'an expression ${…}, true or false',
  type: ['string', 'boolean'],
};

const STEPS: JsonObject = {
  title: 'a list of steps',
  type: 'array',
  minItems: 1,
  maxItems: 1000,
  items: ref('step'),
};

const ON_ERROR = described(
  'When a step of a branch has failed: fail_fast, so does the block at once, or collect, when all branches have ended.',
  oneOf('fail_fast', 'collect'),
);

const IDENTIFIER: JsonObject = {
  title: 'a name of small letters, digits and "_" that begins with a letter',
  type: 'string',
  pattern: '^[a-z][a-z0-9_]*$',
  maxLength: 128,
};

/** The parts of the schema that speak of steps in steps. */
export const NESTING_DEFS: JsonObject = {
  parallel: block(
    'branches that run side by side',
    {
      branches: {
        title: 'lists of steps, by name or in a list',
        description: 'The branches: lists of steps, by name or one after the other.',
        type: ['object', 'array'],
        minItems: 1,
        minProperties: 1,
        items: STEPS,
        propertyNames: IDENTIFIER,
        additionalProperties: STEPS,
      },
      join: described('How many have to complete; all unless given. The others are cancelled.', {
        title: 'all, first, or a whole number of 1 or more',
        anyOf: [{ enum: ['all', 'first'] }, { type: 'integer', minimum: 1 }],
      }),
      on_error: ON_ERROR,
    },
    ['branches'],
  ),
  foreach: block(
    'steps that are run for each item of a list',
    {
      items: {
        title: 'a list, or an expression ${…} that gives one',
        description: 'What to go over.',
        type: ['array', 'string'],
      },
      item: described('Another name for `item`, to be seen in loops inside of this one.', IDENTIFIER),
      index: described('Another name for `index`, to be seen in loops inside of this one.', IDENTIFIER),
      concurrency: described('How many turns are under way at most; 1 unless given.', whole(1)),
      steps: described('The steps of a turn.', STEPS),
      on_error: ON_ERROR,
      collect: {
        title: 'a value',
        description: 'What each turn gives at its end; ${…} may stand in it. The output is the list of them.',
      },
    },
    ['items', 'steps'],
  ),
  switch: {
    title: 'a list of cases',
    type: 'array',
    minItems: 1,
    maxItems: 1000,
    items: block('a case', {
      when: described('Whether the case is taken.', CONDITION),
      steps: described('What the case does.', STEPS),
      else: described('What is done when no case is taken.', STEPS),
    }),
  },
  while: block(
    'steps that are run again and again',
    {
      condition: described('Asked before each turn; false ends the loop.', CONDITION),
      steps: described('The steps of a turn.', STEPS),
      max: described(
        'The step fails with TooManyTurns when the condition still holds after so many; 1000 unless given.',
        whole(1),
      ),
    },
    ['condition', 'steps'],
  ),
};

/** The fields of a step that hold steps. */
export const NESTING_FIELDS: JsonObject = {
  parallel: described('Runs branches side by side.', ref('parallel')),
  foreach: described('Runs steps for each item of a list.', ref('foreach')),
  switch: described('Runs the case whose condition holds.', ref('switch')),
  match: described(
    'Whether a switch takes the first case that holds or all of them; first unless given.',
    oneOf('first', 'all'),
  ),
  while: described('Runs steps as long as a condition holds.', ref('while')),
};
