import { describe, expect, it } from 'vitest';
import { parsed } from './parsed.ts';

const FLOW = `execution:
  workflow: high_priority_ticket
  trigger:
    event: ticket:created
    conditions:
      priority: high
  activities:
    - name: notify_team
    - name: assign_agent
    - name: set_sla
  compensation:
    strategy: reverse
    activities:
      - name: revert_assignment
      - name: clear_sla
`;

/** Blocks of the field's own document, under their own keys and with its units, beside its flow. */
const BLOCKS = {
  state: `state:
  id: wf_123
  status: running
  started_at: "2024-01-01T10:00:00Z"
  current_activity: assign_agent
  variables:
    ticket_id: "T-123"
    assigned_agent: "A-456"
`,
  activity_state: `activity_state:
  id: act_789
  name: assign_agent
  status: completed
  started_at: "2024-01-01T10:00:05Z"
  completed_at: "2024-01-01T10:00:06Z"
  input:
    ticket_id: "T-123"
  output:
    success: true
    agent_id: "A-456"
`,
  monitoring: `monitoring:
  active_workflows: 25
  completed_today: 150
  failed_today: 3
  average_duration: "45s"
  current_load: "medium"
`,
  metrics: `metrics:
  execution_time:
    avg: 45
    p95: 120
    p99: 180
  success_rate: 99.5
  error_rate: 0.5
  throughput: 100
`,
  resources: `resources:
  cpu:
    limit: 4
    request: 2
  memory:
    limit: "2Gi"
    request: "1Gi"
`,
};

/** Blocks that are carried out. */
const CARRIED_OUT = {
  concurrency: `concurrency:
  max_workflows: 1000
  max_activities: 100
  queuing:
    strategy: fifo
    timeout: 30s
`,
  bulkhead: `bulkhead:
  max_concurrent: 10
  max_queue_size: 100
  timeout: 30s
  fallback:
    activity: degrade_service
`,
  circuit_breaker: `circuit_breaker:
  threshold: 5
  timeout: 60s
  reset: 300s
  monitoring:
    enabled: true
    metrics: [error_rate, latency]
`,
  logging: `logging:
  level: info
  components:
    - workflow_engine
    - activity_executor
    - state_manager
  format:
    timestamp: string
    workflow_id: string
    activity: string
    message: string
`,
  tracing: `tracing:
  enabled: true
  sampling_rate: 0.1
  components:
    - workflow_engine
    - activity_executor
    - state_manager
`,
};

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');

describe('the document that users know', () => {
  it('loads as it is written', () => {
    expect(parsed(FLOW).definition).toMatchObject({
      workflow: 'high_priority_ticket',
      trigger: { event: 'ticket:created', conditions: [{ field: 'priority', equals: 'high' }] },
      steps: [{ name: 'notify_team' }, { name: 'assign_agent' }, { name: 'set_sla' }],
      compensation: { strategy: 'reverse', activities: ['revert_assignment', 'clear_sla'] },
    });
  });

  it.each(Object.entries(BLOCKS))(
    'loads with %s beside or inside of it, and says that it is not enforced',
    (name, block) => {
      for (const source of [FLOW + block, FLOW + indented(block)]) {
        const { warnings } = parsed(source);
        expect(
          warnings.map(({ code, path }) => `${code} ${path.replace(/^execution\./, '')}`),
        ).toContainEqual(expect.stringMatching(`^NOT_ENFORCED ${name}\\b`));
      }
    },
  );

  it.each(Object.entries(CARRIED_OUT))(
    'loads with %s beside or inside of it, which is carried out',
    (name, block) => {
      for (const source of [FLOW + block, FLOW + indented(block)]) {
        const { warnings } = parsed(source);
        expect(warnings.map(({ path }) => path.replace(/^execution\./, ''))).not.toContain(name);
      }
    },
  );

  it('retries and falls back', () => {
    const block = `error_handling:
  activity_error:
    retry:
      max_attempts: 3
      backoff:
        initial: 1s
        multiplier: 2
    fallback:
      activity: skip
      notify: true
`;
    for (const step of parsed(FLOW + block).definition.steps)
      expect(step).toMatchObject({
        retry: { maxAttempts: 3, initial: 1_000, multiplier: 2 },
        fallback: { kind: 'skip' },
      });
  });

  it('compensates, each step with its own activity', () => {
    const flow = FLOW.slice(0, FLOW.indexOf('  compensation:'));
    const block = `error_handling:
  workflow_error:
    strategy: compensate
    notification:
      channels: [slack, email]
      recipients: [workflow_admin]
compensation:
  strategy: reverse
  mode: automatic
  timeout: 5m
  notification: true
compensation_activities:
  assign_agent:
    activity: unassign_agent
    params:
      ticket_id: \${workflow.ticket_id}
      agent_id: \${workflow.assigned_agent}
`;
    const { definition } = parsed(flow + block);
    expect(definition).toMatchObject({
      onError: 'compensate',
      compensation: { strategy: 'reverse', byStep: { assign_agent: { activity: 'unassign_agent' } } },
    });
    const workflow = { ticket_id: 'T-123', assigned_agent: 'A-456' };
    expect(definition.compensation.byStep['assign_agent']?.params?.evaluate({ workflow })).toEqual({
      ticket_id: 'T-123',
      agent_id: 'A-456',
    });
  });

  it('has its saga', () => {
    const source = `workflow: a
saga:
  steps:
    - activity: create_ticket
      compensation: delete_ticket
    - activity: assign_agent
      compensation: unassign_agent
    - activity: set_sla
`;
    expect(parsed(source).definition).toMatchObject({
      onError: 'compensate',
      steps: [{ name: 'create_ticket' }, { name: 'assign_agent' }, { name: 'set_sla' }],
      compensation: {
        byStep: {
          create_ticket: { activity: 'delete_ticket' },
          assign_agent: { activity: 'unassign_agent' },
        },
      },
    });
  });
});
