import { describe, expect, it } from 'vitest';
import { UNENFORCED_STEP_FIELDS } from '../../../src/domain/definition/schema/steps.ts';
import { warningsOf } from './parsed.ts';

const ENFORCED_LATER = {
  concurrency: { max_activities: 5 },
  notify: true,
  notification: { channels: ['slack'] },
  labels: { team: 'a' },
  search: { ticket: '${input.id}' },
};

describe('what the language knows and this version does not carry out', () => {
  it.each(Object.entries(ENFORCED_LATER))(
    'but changes no outcome of a run that goes well is warned of: %s',
    (name, value) => {
      const source = JSON.stringify({ workflow: 'a', activities: [{ name: 's', [name]: value }] });
      expect(warningsOf(source)).toEqual([expect.stringContaining(`NOT_ENFORCED activities[0].${name}`)]);
    },
  );

  it.each([
    ['set', { variables: { x: 1 } }],
    ['fail', {}],
    ['end', true],
  ])('is warned of as the label of what never begins: %s', (kind, value) => {
    const source = JSON.stringify({ workflow: 'a', activities: [{ name: 's', [kind]: value, label: 'x' }] });
    expect(warningsOf(source)).toEqual([expect.stringContaining('NOT_ENFORCED activities[0].label')]);
  });

  it('is all here', () => {
    expect(Object.keys(ENFORCED_LATER)).toEqual(UNENFORCED_STEP_FIELDS);
  });
});
