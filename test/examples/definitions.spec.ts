import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { builtInActivities } from '../../src/activities/built-in.ts';
import { loadActivities } from '../../src/activities/load-activities.ts';
import { createActivities } from '../../src/activities/registry.ts';
import type { Definition } from '../../src/domain/definition/definition.ts';
import { parseDefinition } from '../../src/domain/definition/parse.ts';
import { matches } from '../../src/domain/definition/trigger.ts';
import type { Json } from '../../src/domain/json.ts';
import { runDefinition } from './run.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const activities = createActivities([...builtInActivities({}), ...(await loadActivities(EXAMPLES))]);
const names = readdirSync(EXAMPLES);
const sourceOf = (name: string) => readFileSync(`${EXAMPLES}/${name}/workflow.yaml`, 'utf8');

const definitionOf = (name: string): Definition => {
  const parsed = parseDefinition(sourceOf(name));
  if (!parsed.ok)
    throw new Error(parsed.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return parsed.definition;
};

/** Each step by name with how it ended, the run's own end last. */
const story = async (name: string, event: Json, signals: readonly Json[] = []) => {
  const { state, events } = await runDefinition(definitionOf(name), activities, event, signals);
  const steps = events.flatMap(({ type, facts }) =>
    /^step\.(completed|failed|skipped|retry_scheduled|compensated)$/.test(type) && 'step' in facts
      ? [`${facts.step} ${type.slice('step.'.length)}`]
      : [],
  );
  return { steps, status: state.status, variables: state.variables };
};

describe.each(names)('the example %s', (name) => {
  it('parses without problems and warnings, under its own name', () => {
    expect(parseDefinition(sourceOf(name))).toMatchObject({
      ok: true,
      warnings: [],
      definition: { workflow: name },
    });
  });

  it('names only activities that are served', () => {
    const { steps, compensation } = definitionOf(name);
    const called = [
      ...steps.flatMap((step) => (step.kind === 'activity' ? [step.activity] : [])),
      ...Object.values(compensation.byStep).map(({ activity }) => activity),
      ...compensation.activities,
    ];
    expect(called.filter((activity) => activities.find(activity) === undefined)).toEqual([]);
  });

  it('has a README of three lines', () => {
    expect(readFileSync(`${EXAMPLES}/${name}/README.md`, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('high_priority_ticket', () => {
  const ticket = (id: string) => ({
    ticket_id: id,
    priority: 'high',
    subject: 'Down',
    customer: 'ada@example.com',
  });
  const run = (id: string) => story('high_priority_ticket', ticket(id));
  const done = [
    'notify_team completed',
    'assign_agent completed',
    'set_sla completed',
    'tell_customer completed',
  ];

  it('starts for high priority only', () => {
    const { trigger } = definitionOf('high_priority_ticket');
    expect(trigger && matches(trigger, ticket('T-1'))).toBe(true);
    expect(trigger && matches(trigger, { ...ticket('T-1'), priority: 'low' })).toBe(false);
  });

  it('succeeds for most tickets', async () => {
    expect(await run('T-1001')).toMatchObject({
      status: 'completed',
      steps: done,
      variables: { assigned_agent: 'A-405', due_in_minutes: 30 },
    });
  });

  it('needs a second try for tickets that end in 3', async () => {
    const [first, ...rest] = done;
    expect(await run('T-1003')).toMatchObject({
      status: 'completed',
      steps: [first, 'assign_agent retry_scheduled', ...rest],
    });
  });

  it.each([
    ['T-1005', ['notify_team failed']],
    ['T-1017', ['notify_team completed', 'assign_agent failed', 'notify_team compensated']],
    [
      'T-1028',
      [...done.slice(0, 2), 'set_sla failed', 'assign_agent compensated', 'notify_team compensated'],
    ],
    [
      'T-1039',
      [
        ...done.slice(0, 3),
        'tell_customer failed',
        'set_sla compensated',
        'assign_agent compensated',
        'notify_team compensated',
      ],
    ],
  ])('%s is undone in reverse', async (id, steps) => {
    expect(await run(id)).toMatchObject({ status: 'compensated', steps });
  });
});

describe('refund_approval', () => {
  const refund = (order: string, amount: Json = 250) => ({ order_id: order, amount });
  const run = (order: string, ...signals: readonly Json[]) =>
    story('refund_approval', refund(order), signals);

  it.each([
    [250, true],
    [100.5, true],
    [100, false],
    ['a lot', false],
  ])('an amount of %o starts it: %o', (amount, starts) => {
    const { trigger } = definitionOf('refund_approval');
    expect(trigger && matches(trigger, refund('O-1', amount))).toBe(starts);
  });

  it('pays back when it is approved', async () => {
    expect(await run('O-1', { approved: true, by: 'grace' })).toMatchObject({
      status: 'completed',
      steps: [
        'check_order completed',
        'await_decision completed',
        'pay_back completed',
        'send_receipt completed',
      ],
      variables: { outcome: 'approved by grace' },
    });
  });

  it('pays nothing when it is declined', async () => {
    expect(await run('O-1', { approved: false, by: 'grace' })).toMatchObject({
      status: 'completed',
      steps: [
        'check_order completed',
        'await_decision completed',
        'pay_back skipped',
        'send_receipt skipped',
      ],
      variables: { outcome: 'declined by grace' },
    });
  });

  it('fails when nobody decides in time', async () => {
    expect(await run('O-1')).toMatchObject({
      status: 'failed',
      steps: ['check_order completed', 'await_decision failed'],
    });
  });

  it('pays at the third try, and goes on without a receipt', async () => {
    expect((await run('O-13', { approved: true, by: 'grace' })).steps).toEqual([
      'check_order completed',
      'await_decision completed',
      'pay_back retry_scheduled',
      'pay_back retry_scheduled',
      'pay_back completed',
      'send_receipt completed',
    ]);
    const steps = (await run('O-15', { approved: true, by: 'grace' })).steps;
    expect(steps.slice(-2)).toEqual(['send_receipt failed', 'send_receipt skipped']);
  });
});

describe('onboarding_reminder', () => {
  const run = (user: string, more: object = {}) =>
    story('onboarding_reminder', { user_id: user, name: 'Ada', ...more });

  it('reminds those who are not done', async () => {
    expect(await run('U-7', { remind_after: '5s' })).toMatchObject({
      status: 'completed',
      steps: [
        'give_time completed',
        'look_up_progress completed',
        'compose completed',
        'send_reminder completed',
      ],
      variables: { remind_after: '5s', message: { to: 'U-7', text: 'Hello Ada, 2 steps are left.' } },
    });
  });

  it('leaves those alone who are', async () => {
    expect(await run('U-2')).toMatchObject({
      status: 'completed',
      steps: [
        'give_time completed',
        'look_up_progress completed',
        'compose skipped',
        'send_reminder skipped',
      ],
      variables: { remind_after: '3d' },
    });
  });
});
