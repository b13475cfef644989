import { Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, Mutation } from '@nestjs/graphql';
import { CancelExecution, type Cancelled } from '../../commands/cancel-execution.ts';
import { OperateExecution, type Operated } from '../../commands/commands.ts';
import type { OperatorCommand } from '../../domain/execution/commands.ts';
import type { GraphqlContext } from '../context.ts';
import {
  CancelExecutionArgs,
  CompleteStepArgs,
  FailStepArgs,
  OperateArgs,
  SetVariablesArgs,
  StepArgs,
} from '../inputs/operator.args.ts';
import { OperatedModel } from '../models/accepted.model.ts';
import { CancelResult } from '../models/cancel-result.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** What operators do to executions. */
@ApiResolver()
export class OperatorsResolver {
  readonly #commands: CommandBus;

  constructor(@Inject(CommandBus) commands: CommandBus) {
    this.#commands = commands;
  }

  @Mutation(() => OperatedModel, {
    description:
      'Lets an execution begin nothing more until it is resumed. Calls under way end and are recorded, signals are kept, and whatever comes due waits. Again, it changes nothing.',
  })
  pauseExecution(
    @Args({ type: () => OperateArgs }) args: OperateArgs,
    @Context() context: GraphqlContext,
  ): Promise<Operated> {
    return this.#operate(args, { type: 'pause', reason: args.reason ?? '' }, context);
  }

  @Mutation(() => OperatedModel, {
    description:
      'Ends a pause: what came due meanwhile happens at once. One that is not paused goes on as it is.',
  })
  resumeExecution(
    @Args({ type: () => OperateArgs }) args: OperateArgs,
    @Context() context: GraphqlContext,
  ): Promise<Operated> {
    return this.#operate(args, { type: 'resume', reason: args.reason ?? '' }, context);
  }

  @Mutation(() => CancelResult, {
    description:
      'Calls an execution off: it ends as cancelled, with what it did undone before when `compensate` says so. One that is being undone already goes on with that: terminate it to leave the rest.',
  })
  cancelExecution(
    @Args({ type: () => CancelExecutionArgs }) { executionId, compensate, reason }: CancelExecutionArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<Cancelled> {
    const how = { type: 'cancel', reason: reason ?? '', compensate } as const;
    return this.#commands.execute(new CancelExecution(executionId, how, caller));
  }

  @Mutation(() => CancelResult, {
    description: 'Ends an execution at once as cancelled, whatever it is about; nothing more is undone.',
  })
  terminateExecution(
    @Args({ type: () => OperateArgs }) { executionId, reason }: OperateArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<Cancelled> {
    const how = { type: 'terminate', reason: reason ?? '' } as const;
    return this.#commands.execute(new CancelExecution(executionId, how, caller));
  }

  @Mutation(() => OperatedModel, {
    description:
      'Lets a failed execution go on with the step that it failed of, or with what is left of its undoing.',
  })
  retryExecution(
    @Args({ type: () => OperateArgs }) args: OperateArgs,
    @Context() context: GraphqlContext,
  ): Promise<Operated> {
    return this.#operate(args, { type: 'retry', reason: args.reason ?? '' }, context);
  }

  @Mutation(() => OperatedModel, {
    description:
      'Undoes a failed execution, as by its `compensation`, or what its undoing has left. One that is being undone, or was, stays as it is.',
  })
  compensateExecution(
    @Args({ type: () => OperateArgs }) args: OperateArgs,
    @Context() context: GraphqlContext,
  ): Promise<Operated> {
    return this.#operate(args, { type: 'compensate', reason: args.reason ?? '' }, context);
  }

  @Mutation(() => OperatedModel, {
    description:
      'Leaves out a step that is called, waits, is queued or is to be tried again; its call is told to end.',
  })
  skipStep(
    @Args({ type: () => StepArgs }) args: StepArgs,
    @Context() context: GraphqlContext,
  ): Promise<Operated> {
    return this.#operate(args, { type: 'skip_step', step: args.step, reason: args.reason ?? '' }, context);
  }

  @Mutation(() => OperatedModel, {
    description:
      'Completes a step that is under way, or the undoing of one, with this output; its call is told to end.',
  })
  completeStep(
    @Args({ type: () => CompleteStepArgs }) args: CompleteStepArgs,
    @Context() context: GraphqlContext,
  ): Promise<Operated> {
    const { step, output = null, reason } = args;
    return this.#operate(args, { type: 'complete_step', step, output, reason: reason ?? '' }, context);
  }

  @Mutation(() => OperatedModel, {
    description:
      'Fails a step that is under way, or the undoing of one, for good, whatever its retries; its fallback answers for it as for any failure.',
  })
  failStep(
    @Args({ type: () => FailStepArgs }) args: FailStepArgs,
    @Context() context: GraphqlContext,
  ): Promise<Operated> {
    const { step, errorType, message } = args;
    const reason = args.reason ?? '';
    const error = { type: errorType ?? 'FailedByHand', message: message ?? reason };
    return this.#operate(args, { type: 'fail_step', step, error, reason }, context);
  }

  @Mutation(() => OperatedModel, {
    description:
      'Sets variables of an execution that has not ended, or that has failed and may be retried with them.',
  })
  setVariables(
    @Args({ type: () => SetVariablesArgs }) args: SetVariablesArgs,
    @Context() context: GraphqlContext,
  ): Promise<Operated> {
    const { variables, reason } = args;
    return this.#operate(args, { type: 'set_variables', variables, reason: reason ?? '' }, context);
  }

  #operate(
    { executionId }: OperateArgs,
    operation: OperatorCommand,
    { caller }: GraphqlContext,
  ): Promise<Operated> {
    return this.#commands.execute(new OperateExecution(executionId, operation, caller));
  }
}
