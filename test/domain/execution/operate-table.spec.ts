import { describe, expect, test } from 'vitest';
import type { Migrate, OperatorCommand } from '../../../src/domain/execution/commands.ts';
import { decide } from '../../../src/domain/execution/decide.ts';
import { Rejection } from '../../../src/domain/rejection.ts';
import {
  completed,
  define,
  failed,
  given,
  notUndone,
  start,
  undone,
  type Given,
} from '../../spec/execution.ts';

const TRIP = `
workflow: trip
activities:
  - name: book
  - name: pay
compensation: {}
compensation_activities: { book: { activity: give_back } }
error_handling: { workflow_error: { strategy: compensate } }
`;

const trip = define(TRIP);

const longer = define(TRIP.replace('  - name: pay', '  - name: pay\n  - name: thank'));

const TWO = 'workflow: two\nactivities:\n  - name: pay\n  - name: other\n';

const reason = 'because';
const commands = {
  pause: { type: 'pause', reason },
  resume: { type: 'resume', reason },
  cancel: { type: 'cancel', reason },
  'cancel and undo': { type: 'cancel', reason, compensate: true },
  terminate: { type: 'terminate', reason },
  retry: { type: 'retry', reason },
  compensate: { type: 'compensate', reason },
  'skip the step': { type: 'skip_step', step: 'pay', reason },
  'complete the step': { type: 'complete_step', step: 'pay', output: 7, reason },
  'fail the step': { type: 'fail_step', step: 'pay', error: { type: 'Oops', message: 'no' }, reason },
  'complete the undoing': { type: 'complete_step', step: 'book', output: 7, reason },
  'fail the undoing': { type: 'fail_step', step: 'book', error: { type: 'Oops', message: 'no' }, reason },
  'set variables': { type: 'set_variables', variables: { a: 1 }, reason },
  migrate: { type: 'migrate', to: longer, number: 2, reason },
} as const satisfies Record<string, OperatorCommand | Migrate>;

const paying = (): Given => given(trip).after(start()).after(completed('book'));
const undoing = (): Given => paying().after(failed('pay'));
const cancelling = (): Given => paying().after(commands['cancel and undo']);

const statuses: Readonly<Record<string, () => Given>> = {
  none: () => given(trip),
  running: paying,
  'paused while running': () => paying().after(commands.pause),
  compensating: undoing,
  'compensating because it was cancelled': cancelling,
  'paused while compensating': () => undoing().after(commands.pause),
  completed: () => paying().after(completed('pay')),
  failed: () => undoing().after(notUndone('book')),
  cancelled: () => paying().after(commands.cancel),
  compensated: () => undoing().after(undone('book')),
};

const ENDED = Object.fromEntries(Object.keys(commands).map((name) => [name, 'EXECUTION_ENDED']));
const NOTHING: readonly string[] = [];
const UNDONE = 'EXECUTION_COMPENSATING';
const FAILED = 'EXECUTION_NOT_FAILED';

/** What comes of each command in each status: the types of its events, or the code of its refusal. */
const table: Readonly<Record<string, Readonly<Record<string, readonly string[] | string>>>> = {
  none: Object.fromEntries(Object.keys(commands).map((name) => [name, 'EXECUTION_NOT_FOUND'])),
  running: {
    pause: ['execution.paused'],
    resume: NOTHING,
    cancel: ['execution.cancelled'],
    'cancel and undo': ['step.cancelled', 'saga.compensating', 'step.compensating'],
    terminate: ['execution.cancelled'],
    retry: FAILED,
    compensate: FAILED,
    'skip the step': ['step.skipped', 'execution.completed'],
    'complete the step': ['step.completed', 'execution.completed'],
    'fail the step': ['step.failed', 'saga.compensating', 'step.compensating'],
    'complete the undoing': 'STEP_NOT_ACTIVE',
    'fail the undoing': 'STEP_NOT_ACTIVE',
    'set variables': ['variables.set'],
    migrate: ['execution.migrated'],
  },
  'paused while running': {
    pause: NOTHING,
    resume: ['execution.resumed'],
    cancel: ['execution.cancelled'],
    'cancel and undo': ['execution.resumed', 'step.cancelled', 'saga.compensating', 'step.compensating'],
    terminate: ['execution.cancelled'],
    retry: FAILED,
    compensate: FAILED,
    'skip the step': ['step.skipped'],
    'complete the step': ['step.completed'],
    'fail the step': ['step.failed'],
    'complete the undoing': 'STEP_NOT_ACTIVE',
    'fail the undoing': 'STEP_NOT_ACTIVE',
    'set variables': ['variables.set'],
    migrate: ['execution.migrated'],
  },
  compensating: {
    pause: ['execution.paused'],
    resume: NOTHING,
    cancel: UNDONE,
    'cancel and undo': UNDONE,
    terminate: ['execution.cancelled'],
    retry: FAILED,
    compensate: NOTHING,
    'skip the step': UNDONE,
    'complete the step': UNDONE,
    'fail the step': UNDONE,
    'complete the undoing': ['step.compensated', 'saga.compensated'],
    'fail the undoing': ['step.compensation_failed', 'execution.failed'],
    'set variables': ['variables.set'],
    migrate: ['execution.migrated'],
  },
  'compensating because it was cancelled': {
    pause: ['execution.paused'],
    resume: NOTHING,
    cancel: UNDONE,
    'cancel and undo': NOTHING,
    terminate: ['execution.cancelled'],
    retry: FAILED,
    compensate: NOTHING,
    'skip the step': UNDONE,
    'complete the step': UNDONE,
    'fail the step': UNDONE,
    'complete the undoing': ['step.compensated', 'execution.cancelled'],
    'fail the undoing': ['step.compensation_failed', 'execution.cancelled'],
    'set variables': ['variables.set'],
    migrate: ['execution.migrated'],
  },
  'paused while compensating': {
    pause: NOTHING,
    resume: ['execution.resumed'],
    cancel: UNDONE,
    'cancel and undo': UNDONE,
    terminate: ['execution.cancelled'],
    retry: FAILED,
    compensate: NOTHING,
    'skip the step': UNDONE,
    'complete the step': UNDONE,
    'fail the step': UNDONE,
    'complete the undoing': ['step.compensated'],
    'fail the undoing': ['step.compensation_failed'],
    'set variables': ['variables.set'],
    migrate: ['execution.migrated'],
  },
  completed: { ...ENDED, retry: FAILED, compensate: FAILED },
  failed: {
    ...ENDED,
    retry: ['execution.retried', 'saga.compensating', 'step.compensating'],
    compensate: ['execution.retried', 'saga.compensating', 'step.compensating'],
    'set variables': ['variables.set'],
    migrate: ['execution.migrated'],
  },
  cancelled: { ...ENDED, retry: FAILED, compensate: FAILED },
  compensated: { ...ENDED, retry: FAILED, compensate: NOTHING },
};

test.each(Object.entries(commands))('an execution that was removed refuses to %s', (_name, wanted) => {
  const at = (statuses['failed'] ?? paying)();
  const { state } = at.when({ type: 'go_on' });
  const removed = { ...state, removed: true } as const;
  const context = { executionId: 'e1', now: 0, random: () => 0, serves: () => true };
  expect(() => decide(trip, removed, wanted, context)).toThrow(
    expect.objectContaining({ code: 'EXECUTION_REMOVED' }),
  );
});

/** The types of the events of a command, or the code of its refusal. */
const outcomeOf = (at: Given, command: OperatorCommand | Migrate): readonly string[] | string => {
  try {
    return at.when(command).events.map(({ type }) => type);
  } catch (error) {
    if (error instanceof Rejection) return error.code;
    throw error;
  }
};

describe.each(Object.entries(statuses))('an execution that is %s', (name, at) => {
  test.each(Object.entries(commands))('answers when an operator wants to %s', (command, wanted) => {
    expect(outcomeOf(at(), wanted)).toEqual(table[name]?.[command]);
  });
});

describe('what an operator asks for again', () => {
  test.each<readonly [string, () => Given]>([
    ['pause', paying],
    ['resume', statuses['paused while running'] ?? paying],
    ['cancel and undo', paying],
    ['set variables', paying],
    ['migrate', paying],
    ['skip the step', () => given(define(TWO)).after(start())],
    ['compensate', statuses['failed'] ?? paying],
  ])('changes nothing when it is so already: to %s', (command, at) => {
    const wanted = commands[command as keyof typeof commands];
    expect(at().when(wanted).events).not.toEqual([]);
    at().after(wanted).when(wanted).thenNothing();
  });

  test('sets variables that are not so yet', () => {
    const more: OperatorCommand = { type: 'set_variables', variables: { a: 1, b: { c: [2] } }, reason };
    const set = paying().after(commands['set variables']);
    set.when(more).thenEvents({ type: 'variables.set', facts: { step: '', names: ['a', 'b'] } });
    set
      .after(more)
      .when({ ...more, variables: { b: { c: [2] } } })
      .thenNothing();
    set.whenRefused({ ...more, variables: { id: 1 } }, 'BAD_USER_INPUT');
  });
});
