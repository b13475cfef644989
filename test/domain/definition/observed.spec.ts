import { describe, expect, it } from 'vitest';
import { parsed, refused } from './parsed.ts';

const withBlock = (name: string, block: unknown): string =>
  JSON.stringify({ execution: { workflow: 'a', activities: [{ name: 's' }], [name]: block } }, null, 1);

describe('tracing', () => {
  it('is read as the document has it', () => {
    const source =
      'execution:\n  workflow: a\n  activities: [{ name: s }]\n  tracing:\n    enabled: true\n    sampling_rate: 0.1\n    components:\n      - workflow_engine\n      - activity_executor\n      - state_manager\n';
    const { definition, warnings } = parsed(source);
    expect(definition.tracing).toEqual({
      enabled: true,
      samplingRate: 0.1,
      capture: false,
      components: ['workflow_engine', 'activity_executor', 'state_manager'],
    });
    expect(warnings.map(({ code }) => code)).not.toContain('NOT_ENFORCED');
  });

  it('keeps everything but values when nothing is said', () => {
    expect(parsed(withBlock('tracing', {})).definition.tracing).toEqual({
      enabled: true,
      samplingRate: 1,
      capture: false,
    });
    expect(parsed('workflow: a\nactivities: [{ name: s }]\n').definition.tracing).toBeUndefined();
  });

  it('is refused with everything that is wrong, each in its place', () => {
    const wrong = {
      enabled: 'yes',
      sampling_rate: 1.5,
      capture: 1,
      components: ['workflow_engin'],
      sampling: 1,
    };
    expect(
      refused(withBlock('tracing', wrong)).map(({ code, line, path }) => `${line} ${code} ${path}`),
    ).toEqual([
      '10 WRONG_TYPE execution.tracing.enabled',
      '11 WRONG_VALUE execution.tracing.sampling_rate',
      '12 WRONG_TYPE execution.tracing.capture',
      '14 WRONG_VALUE execution.tracing.components[0]',
      '16 UNKNOWN_FIELD execution.tracing.sampling',
    ]);
    expect(refused(withBlock('tracing', 'on'))).toMatchObject([{ code: 'WRONG_TYPE' }]);
    expect(refused(withBlock('tracing', { sampling_rate: -0.1 }))).toMatchObject([{ code: 'WRONG_VALUE' }]);
  });
});

describe('logging', () => {
  it('is read as the document has it', () => {
    const source =
      'execution:\n  workflow: a\n  activities: [{ name: s }]\n  logging:\n    level: info\n    components:\n      - workflow_engine\n      - activity_executor\n      - state_manager\n    format:\n      timestamp: string\n      workflow_id: string\n      activity: string\n      message: string\n';
    const { definition, warnings } = parsed(source);
    expect(definition.logging).toEqual({
      level: 'info',
      components: ['workflow_engine', 'activity_executor', 'state_manager'],
    });
    expect(warnings.map(({ code }) => code)).not.toContain('NOT_ENFORCED');
  });

  it('is at info when no level is given', () => {
    expect(parsed(withBlock('logging', {})).definition.logging).toEqual({ level: 'info' });
    expect(parsed('workflow: a\nactivities: [{ name: s }]\n').definition.logging).toBeUndefined();
  });

  it('is refused with everything that is wrong, each in its place', () => {
    const wrong = { level: 'loud', components: ['engine'], format: 'json', levels: 1 };
    expect(
      refused(withBlock('logging', wrong)).map(({ code, line, path }) => `${line} ${code} ${path}`),
    ).toEqual([
      '10 WRONG_VALUE execution.logging.level',
      '12 WRONG_VALUE execution.logging.components[0]',
      '14 WRONG_TYPE execution.logging.format',
      '15 UNKNOWN_FIELD execution.logging.levels',
    ]);
  });
});
