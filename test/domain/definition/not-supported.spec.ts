import { describe, expect, it } from 'vitest';
import { UNENFORCED_STEP_FIELDS } from '../../../src/domain/definition/schema/steps.ts';
import { UNSUPPORTED_TRIGGER_FIELDS } from '../../../src/domain/definition/schema/trigger.ts';
import { refused, warningsOf } from './parsed.ts';

const TRIGGERS = {
  debounce: '5s',
  batch: { size: 10 },
};

const ENFORCED_LATER = {
  concurrency: { max_activities: 5 },
  notify: true,
  notification: { channels: ['slack'] },
  label: 'x',
  labels: { team: 'a' },
  search: { ticket: '${input.id}' },
};

describe('what the language knows and this version does not carry out', () => {
  it.each(Object.entries(TRIGGERS))('is refused of a trigger, once and in these words: %s', (name, value) => {
    const source = JSON.stringify({
      workflow: 'a',
      trigger: { event: 'e', [name]: value },
      activities: [{ name: 'b' }],
    });
    const message = `Expected what this version carries out, but "${name}" is not supported in this version.`;
    expect(refused(source)).toMatchObject([{ code: 'NOT_SUPPORTED', path: `trigger.${name}`, message }]);
  });

  it('is refused beside everything else that is wrong', () => {
    const source = 'workflow: a\ntrigger: { event: e, batch: 3 }\nactivities:\n  - name: b\n    retyr: 1\n';
    expect(refused(source).map(({ line, code }) => `${line} ${code}`)).toEqual([
      '2 NOT_SUPPORTED',
      '5 UNKNOWN_FIELD',
    ]);
  });

  it.each(Object.entries(ENFORCED_LATER))(
    'but changes no outcome of a run that goes well is warned of: %s',
    (name, value) => {
      const source = JSON.stringify({ workflow: 'a', activities: [{ name: 's', [name]: value }] });
      expect(warningsOf(source)).toEqual([expect.stringContaining(`NOT_ENFORCED activities[0].${name}`)]);
    },
  );

  it('is all here', () => {
    expect(Object.keys(TRIGGERS)).toEqual(UNSUPPORTED_TRIGGER_FIELDS);
    expect(Object.keys(ENFORCED_LATER)).toEqual(UNENFORCED_STEP_FIELDS);
  });
});
