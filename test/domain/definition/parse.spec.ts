import { describe, expect, it } from 'vitest';
import { compileDefinition } from '../../../src/domain/definition/compile.ts';
import { parseDefinition } from '../../../src/domain/definition/parse.ts';
import { parsed } from './parsed.ts';

const TICKET = `
execution:
  workflow: high_priority_ticket
  trigger:
    event: ticket:created
    conditions: { priority: high }
  variables: { ticket_id: \${event.ticket_id}, priority: \${event.priority} }
  activities:
    - name: notify_team
    - name: assign_agent
      input: { ticket_id: \${workflow.ticket_id} }
      output: { assigned_agent: \${output.agent_id} }
      when: \${workflow.priority == "high"}
      timeout: { attempt: 10s }
      retry: { max_attempts: 3, backoff: { initial: 1s, multiplier: 2, max: 30s, jitter: 0.1 }, non_retryable: [ValidationError] }
      fallback: { activity: skip }
    - name: set_sla
  compensation:
    strategy: reverse
    activities: [{ name: revert_assignment }, { name: clear_sla }]
  compensation_activities:
    assign_agent: { activity: unassign_agent, params: { agent_id: \${workflow.assigned_agent} } }
  error_handling: { workflow_error: { strategy: compensate } }
`;

describe('a definition', () => {
  it('is read whole, without a warning', () => {
    const { definition, warnings } = parsed(TICKET);
    expect(warnings).toEqual([]);
    expect(definition).toMatchObject({
      workflow: 'high_priority_ticket',
      trigger: { event: 'ticket:created', conditions: [{ field: 'priority', equals: 'high' }] },
      onError: 'compensate',
      steps: [
        {
          kind: 'activity',
          name: 'notify_team',
          activity: 'notify_team',
          attemptTimeout: 300_000,
          output: {},
        },
        {
          kind: 'activity',
          name: 'assign_agent',
          attemptTimeout: 10_000,
          retry: {
            maxAttempts: 3,
            initial: 1_000,
            multiplier: 2,
            max: 30_000,
            jitter: 0.1,
            nonRetryable: ['ValidationError'],
          },
          fallback: { kind: 'skip' },
        },
        { kind: 'activity', name: 'set_sla' },
      ],
      compensation: {
        strategy: 'reverse',
        byStep: { assign_agent: { activity: 'unassign_agent' } },
        activities: ['revert_assignment', 'clear_sla'],
      },
    });
  });

  it('evaluates its templates', () => {
    const { definition } = parsed(TICKET);
    const workflow = { priority: 'high', ticket_id: 'T-1', assigned_agent: 'A-4' };
    const step = definition.steps[1];
    if (step?.kind !== 'activity') throw new Error('Expected an activity.');
    expect(definition.variables['ticket_id']?.evaluate({ event: { ticket_id: 'T-1' } })).toBe('T-1');
    expect(step.when?.evaluate({ workflow })).toBe(true);
    expect(step.input?.evaluate({ workflow })).toEqual({ ticket_id: 'T-1' });
    expect(step.output['assigned_agent']?.evaluate({ output: { agent_id: 'A-4' } })).toBe('A-4');
    const undo = definition.compensation.byStep['assign_agent'];
    expect(undo?.params?.evaluate({ workflow })).toEqual({ agent_id: 'A-4' });
  });

  it('compiles from its stored document to the same', () => {
    const { definition, document } = parsed(TICKET);
    const again = compileDefinition(JSON.parse(JSON.stringify(document)));
    expect(again.hash).toBe(definition.hash);
    expect(JSON.stringify(again)).toBe(JSON.stringify(definition));
  });

  it('keeps what holds by default out of its document', () => {
    const { document } = parsed('{workflow: a, activities: [{name: b}]}');
    expect(document).toEqual({ execution: { workflow: 'a', activities: [{ name: 'b' }] } });
  });

  it.each([
    ['nothing', ''],
    ['a text', 'hello'],
    ['a list', '[1]'],
    ['an empty object', '{}'],
    ['null under execution', 'execution:'],
  ])('that is %s is refused', (_, source) => {
    expect(parseDefinition(source).ok).toBe(false);
  });
});
