import { expect } from 'vitest';
import { createAdmission } from '../../src/commands/admission.ts';
import type { Caller } from '../../src/commands/caller.ts';
import {
  ChangeSchedule,
  ChangeWorkflow,
  EmitEvent,
  MigrateExecution,
  OperateExecution,
  RegisterWorkflow,
  SignalExecution,
  StartExecution,
  type Accepted,
  type EmittedEvent,
  type MigratedExecution,
  type Operated,
  type RegisteredWorkflow,
  type StartedExecution,
} from '../../src/commands/commands.ts';
import { ChangeScheduleHandler } from '../../src/commands/change-schedule.handler.ts';
import { ChangeWorkflowHandler } from '../../src/commands/change-workflow.handler.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { createSchedules } from '../../src/commands/schedules.ts';
import { DecideApproval, type Decided } from '../../src/commands/decide-approval.ts';
import { DecideApprovalHandler } from '../../src/commands/decide-approval.handler.ts';
import { EmitEventHandler } from '../../src/commands/emit-event.handler.ts';
import { MigrateExecutionHandler } from '../../src/commands/migrate-execution.handler.ts';
import { OperateExecutionHandler } from '../../src/commands/operate-execution.handler.ts';
import { RegisterWorkflowHandler } from '../../src/commands/register-workflow.handler.ts';
import { SignalExecutionHandler } from '../../src/commands/signal-execution.handler.ts';
import { StartExecutionHandler } from '../../src/commands/start-execution.handler.ts';
import type { OperatorCommand } from '../../src/domain/execution/commands.ts';
import type { WorkflowCommand } from '../../src/domain/definition/decide-workflow.ts';
import type { Json } from '../../src/domain/json.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { handClock } from '../spec/clock.ts';
import { openEngine, sourceOf, type EngineParts, type EngineUnderTest } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

/** Somebody whose request is traced. */
export const ANN: Caller = {
  actor: { id: 'ann@example.org', kind: 'operator', via: 'jwt' },
  tenant: 'default',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};

/** A workflow that waits for a signal. */
export const WAITING = 'workflow: waiting\nactivities:\n  - name: rest\n    wait: { signal: go }\n';

/** The commands, handled as the server does, and the engine that they work on. */
export interface Commands extends EngineUnderTest {
  readonly log: EventLog;
  /** Registers the definition whose lines under `execution:` are given. */
  register(yaml: string, caller?: Caller): Promise<RegisteredWorkflow>;
  startExecution(
    workflow: string,
    input?: Json,
    key?: string,
    caller?: Caller,
    version?: number,
  ): Promise<StartedExecution>;
  /** Changes what new executions run; the reason is always the same. */
  change(
    workflow: string,
    type: WorkflowCommand['type'],
    number?: number,
    caller?: Caller,
  ): Promise<Accepted>;
  /** Pauses a schedule, or lets it go on; the reason is always the same. */
  schedule(workflow: string, type: 'pause' | 'resume', caller?: Caller): Promise<Accepted>;
  emit(type: string, payload?: Json, key?: string, caller?: Caller): Promise<EmittedEvent>;
  signal(id: string, name: string, payload?: Json, caller?: Caller): Promise<Accepted>;
  decide(
    id: string,
    step: string,
    decision: 'approved' | 'rejected',
    comment?: string,
    by?: string,
    caller?: Caller,
  ): Promise<Decided>;
  cancel(id: string, reason?: string, caller?: Caller): Promise<Operated>;
  operate(id: string, operation: OperatorCommand, caller?: Caller): Promise<Operated>;
  /** Gives an execution another version, or asks whether it could; the reason is always the same. */
  migrate(id: string, to: number, dryRun?: boolean, caller?: Caller): Promise<MigratedExecution>;
  readonly store: Store;
}

/** What is stored, before and after a command. */
export interface Store {
  /** Expects a command to be refused with this, and the log to hold nothing more than before. */
  thenRefused(command: () => Promise<unknown>, refusal: object): Promise<void>;
  /** Expects a command to be answered, and the log to hold nothing more than before. */
  thenAddsNothing<T>(command: () => Promise<T>): Promise<T>;
}

const storeOf = (log: EventLog): Store => ({
  thenRefused: async (command, refusal) => {
    const end = await log.end();
    await expect(command()).rejects.toMatchObject(refusal);
    expect(await log.end(), 'the end of the log').toBe(end);
  },
  thenAddsNothing: async (command) => {
    const end = await log.end();
    const answer = await command();
    expect(await log.end(), 'the end of the log').toBe(end);
    return answer;
  },
});

/** What commands of a spec are made of. */
export type CommandsParts = Partial<EngineParts> & {
  /** Whether the workflows that events may start are in memory; by default there are none. */
  readonly complete?: boolean;
  /** The most that may be under way (default 10,000). */
  readonly maxPending?: number;
};

/** Puts commands on a log of their own, or on the one that is given. */
export const openCommands = async ({
  complete = true,
  maxPending = 10_000,
  ...parts
}: CommandsParts = {}): Promise<Commands> => {
  const {
    log = await temporaryLog(),
    clock = handClock(),
    ids = countingIds(),
    maxPayload = 524_288,
  } = parts;
  const under = openEngine({ activities: { notify: () => null }, ...parts, log, clock, ids, maxPayload });
  const { definitions, emissions, engine } = under;
  const busy = () => engine.running + engine.executions.pending;
  const admission = createAdmission({ limit: maxPending, busy });
  if (complete) definitions.complete();
  const registers = new RegisterWorkflowHandler(definitions, clock);
  const changes = new ChangeWorkflowHandler(definitions, clock);
  const schedules = createSchedules({
    log,
    world: { clock, ids },
    envelopes: createEnvelopes('a-node', ids),
    maxPayload,
    over: engine.over,
  });
  const pauses = new ChangeScheduleHandler(schedules, definitions, clock);
  const starts = new StartExecutionHandler(definitions, engine.executions, clock, ids, admission);
  const emits = new EmitEventHandler(definitions, engine.executions, emissions, clock, admission);
  const signals = new SignalExecutionHandler(engine.executions, clock);
  const decides = new DecideApprovalHandler(engine.executions, clock);
  const migrates = new MigrateExecutionHandler(engine.executions, definitions, clock);
  const operates = new OperateExecutionHandler(engine.executions, clock);
  const operate: Commands['operate'] = (id, operation, caller = ANN) =>
    operates.execute(new OperateExecution(id, operation, caller));
  return {
    ...under,
    log,
    register: (yaml, caller = ANN) => registers.execute(new RegisterWorkflow(sourceOf(yaml), caller)),
    change: (workflow, type, number, caller = ANN) =>
      changes.execute(new ChangeWorkflow(workflow, { type, number, reason: 'because' }, caller)),
    schedule: (workflow, type, caller = ANN) =>
      pauses.execute(new ChangeSchedule(workflow, { type, reason: 'because' }, caller)),
    startExecution: (workflow, input = null, key, caller = ANN, version) =>
      starts.execute(new StartExecution(workflow, input, key, caller, undefined, version)),
    emit: (type, payload = null, key, caller = ANN) =>
      emits.execute(new EmitEvent(type, payload, key, caller)),
    signal: (id, name, payload = null, caller = ANN) =>
      signals.execute(new SignalExecution(id, name, payload, caller)),
    decide: (id, step, decision, comment = '', by, caller = ANN) =>
      decides.execute(new DecideApproval(id, step, decision, comment, by, caller)),
    cancel: (id, reason = 'enough', caller = ANN) => operate(id, { type: 'cancel', reason }, caller),
    migrate: (id, to, dryRun = false, caller = ANN) =>
      migrates.execute(new MigrateExecution(id, to, dryRun, 'because', caller)),
    operate,
    store: storeOf(log),
  };
};
