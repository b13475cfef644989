import { Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, Mutation } from '@nestjs/graphql';
import {
  EmitEvent,
  SignalExecution,
  StartExecution,
  type Accepted,
  type EmittedEvent,
  type StartedExecution,
} from '../../commands/commands.ts';
import type { GraphqlContext } from '../context.ts';
import { EmitEventArgs, SignalExecutionArgs, StartExecutionArgs } from '../inputs/command.args.ts';
import { AcceptedModel, EmittedEventModel, StartedExecutionModel } from '../models/accepted.model.ts';
import { ApiResolver } from './api-resolver.ts';

/** What can be done to executions. */
@ApiResolver()
export class CommandsResolver {
  readonly #commands: CommandBus;

  constructor(@Inject(CommandBus) commands: CommandBus) {
    this.#commands = commands;
  }

  @Mutation(() => StartedExecutionModel, { description: 'Starts an execution by hand.' })
  startExecution(
    @Args({ type: () => StartExecutionArgs })
    { workflow, version, input, tags, idempotencyKey }: StartExecutionArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<StartedExecution> {
    return this.#commands.execute(
      new StartExecution(
        workflow,
        input ?? null,
        idempotencyKey ?? undefined,
        caller,
        undefined,
        version ?? undefined,
        tags ?? undefined,
      ),
    );
  }

  @Mutation(() => EmittedEventModel, {
    description: 'Accepts an event from outside and starts every workflow whose trigger it meets.',
  })
  emitEvent(
    @Args({ type: () => EmitEventArgs }) { type, payload, idempotencyKey }: EmitEventArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<EmittedEvent> {
    return this.#commands.execute(new EmitEvent(type, payload ?? null, idempotencyKey ?? undefined, caller));
  }

  @Mutation(() => AcceptedModel, {
    description: 'Sends a signal: it wakes the step that waits for it, or is kept for one that will.',
  })
  signalExecution(
    @Args({ type: () => SignalExecutionArgs }) { executionId, signal, payload }: SignalExecutionArgs,
    @Context() { caller }: GraphqlContext,
  ): Promise<Accepted> {
    return this.#commands.execute(new SignalExecution(executionId, signal, payload ?? null, caller));
  }
}
