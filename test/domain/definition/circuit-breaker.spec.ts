import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/domain/definition/definition.ts';
import { parsed, problemsOf, refused, warningsOf } from './parsed.ts';

const breakersOf = (source: string) =>
  parsed(source).definition.steps.map((step: Step) => (step.kind === 'activity' ? step.breaker : step.kind));

describe('a circuit breaker', () => {
  it('is of every activity when the definition has it, and of one when a step has it', () => {
    const source = `
workflow: a
circuit_breaker: { threshold: 5, timeout: 60s, reset: 300s, monitoring: { enabled: true, metrics: [error_rate] } }
activities:
  - name: one
  - name: two
    circuit_breaker: { threshold: 2 }
  - name: three
    set: { variables: { x: 1 } }
`;
    expect(breakersOf(source)).toEqual([
      { threshold: 5, timeout: 60_000, reset: 300_000 },
      { threshold: 2, timeout: 60_000, reset: 300_000 },
      'set',
    ]);
    expect(warningsOf(source)).toEqual([]);
  });

  it('opens after five failures for a minute unless it says otherwise; there is none unless it is asked for', () => {
    expect(
      breakersOf('workflow: a\nactivities:\n  - name: one\n    circuit_breaker: {}\n  - name: two\n'),
    ).toEqual([{ threshold: 5, reset: 60_000 }, undefined]);
  });

  it('is refused with everything that is wrong of it, and where', () => {
    const source = `
workflow: a
circuit_breaker: { threshold: 0, timeout: -1s, reset: 0s, resett: 1s }
activities:
  - name: one
    circuit_breaker:
      threshold: "3"
      timeout: 0s
      monitoring: { metrics: [errors] }
  - name: two
    circuit_breaker: true
  - name: three
    wait: { for: 1s }
    circuit_breaker: { threshold: 2 }
`;
    expect(problemsOf(source)).toEqual([
      '3:31 WRONG_VALUE circuit_breaker.threshold',
      '3:43 BAD_DURATION circuit_breaker.timeout',
      '3:55 WRONG_VALUE circuit_breaker.reset',
      '3:59 UNKNOWN_FIELD circuit_breaker.resett',
      '7:18 WRONG_TYPE activities[0].circuit_breaker.threshold',
      '8:16 WRONG_VALUE activities[0].circuit_breaker.timeout',
      '9:31 WRONG_VALUE activities[0].circuit_breaker.monitoring.metrics[0]',
      '11:22 WRONG_TYPE activities[1].circuit_breaker',
      '14:5 FIELD_NOT_USED activities[2].circuit_breaker',
    ]);
    const messages = refused(source).map(({ message }) => message);
    expect(messages).toContain('Expected a duration of more than 0, but found "0s".');
    expect(messages.find((message) => message.includes('resett'))).toContain('Did you mean "reset"?');
  });
});
