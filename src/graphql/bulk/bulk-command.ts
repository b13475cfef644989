import type { Command } from '@nestjs/cqrs';
import type { Caller } from '../../commands/caller.ts';
import {
  MigrateExecution,
  OperateExecution,
  SignalExecution,
  type Accepted,
  type Operated,
} from '../../commands/commands.ts';
import type { OperatorCommand } from '../../domain/execution/commands.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { BulkAction, BulkOperationInput } from '../inputs/bulk.input.ts';

/** Makes the command of one execution. */
export type BulkCommand = (executionId: string) => Command<Accepted | Operated>;

const NEEDS: Readonly<Partial<Record<BulkAction, keyof BulkOperationInput>>> = {
  skip_step: 'step',
  complete_step: 'step',
  fail_step: 'step',
  set_variables: 'variables',
  signal: 'signal',
  migrate: 'to',
};

/** What is to be done to each execution. Throws `Rejection` (`BAD_USER_INPUT`) when it does not say with what. */
export const bulkCommand = (operation: BulkOperationInput, reason: string, caller: Caller): BulkCommand => {
  const needed = NEEDS[operation.action];
  if (needed !== undefined && operation[needed] == null) throw isMissing(operation.action, needed);
  if (operation.action === 'signal') {
    const { signal, payload } = operation;
    return (id) => new SignalExecution(id, signal ?? '', payload ?? null, caller);
  }
  if (operation.action === 'migrate') {
    const to = operation.to ?? 0;
    return (id) => new MigrateExecution(id, to, false, reason, caller);
  }
  const command = operatorCommand(operation.action, operation, reason);
  return (id) => new OperateExecution(id, command, caller);
};

const operatorCommand = (
  action: Exclude<BulkAction, 'signal' | 'migrate'>,
  { step: path, output, errorType, message, variables }: BulkOperationInput,
  reason: string,
): OperatorCommand => {
  const step = path ?? '';
  switch (action) {
    case 'pause':
    case 'resume':
    case 'terminate':
    case 'retry':
    case 'compensate':
      return { type: action, reason };
    case 'cancel':
      return { type: 'cancel', reason, compensate: false };
    case 'cancel_and_compensate':
      return { type: 'cancel', reason, compensate: true };
    case 'skip_step':
      return { type: action, step, reason };
    case 'complete_step':
      return { type: action, step, output: output ?? null, reason };
    case 'fail_step':
      return {
        type: action,
        step,
        error: { type: errorType ?? 'FailedByHand', message: message ?? reason },
        reason,
      };
    case 'set_variables':
      return { type: action, variables: variables ?? {}, reason };
    default:
      return action satisfies never;
  }
};

const isMissing = (action: BulkAction, field: string): Rejection =>
  new Rejection('BAD_USER_INPUT', `Expected "${field}" with the action ${action}, but there is none.`, {
    field: `operation.${field}`,
    expected: `what ${action} needs`,
  });
