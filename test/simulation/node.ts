import {
  ChangeSchedule,
  ChangeWorkflow,
  EmitEvent,
  MigrateExecution,
  OperateExecution,
  RegisterWorkflow,
  ResendNotification,
  SignalExecution,
  StartExecution,
} from '../../src/commands/commands.ts';
import type {
  EmittedEvent,
  Operated,
  RegisteredWorkflow,
  StartedExecution,
} from '../../src/commands/commands.ts';
import { DecideApproval } from '../../src/commands/decide-approval.ts';
import { DecideApprovalHandler } from '../../src/commands/decide-approval.handler.ts';
import { ChangeScheduleHandler } from '../../src/commands/change-schedule.handler.ts';
import { ChangeWorkflowHandler } from '../../src/commands/change-workflow.handler.ts';
import { EmitEventHandler } from '../../src/commands/emit-event.handler.ts';
import { ImportArchive } from '../../src/commands/import-archive.ts';
import { ImportArchiveHandler } from '../../src/commands/import-archive.handler.ts';
import { MigrateExecutionHandler } from '../../src/commands/migrate-execution.handler.ts';
import { OperateExecutionHandler } from '../../src/commands/operate-execution.handler.ts';
import { RegisterWorkflowHandler } from '../../src/commands/register-workflow.handler.ts';
import { ResendNotificationHandler } from '../../src/commands/resend-notification.handler.ts';
import { RetainExecutions } from '../../src/commands/retain.ts';
import { RetainHandler } from '../../src/commands/retain.handler.ts';
import { SignalExecutionHandler } from '../../src/commands/signal-execution.handler.ts';
import { StartExecutionHandler } from '../../src/commands/start-execution.handler.ts';
import { TruncateStreams } from '../../src/commands/truncate-streams.ts';
import { TruncateStreamsHandler } from '../../src/commands/truncate-streams.handler.ts';

import type { Core, CoreConfig } from '../../src/create-core.ts';
import type { Workers } from '../../src/ports/workers.ts';
import { composeNode, type NodeOptions } from './compose-node.ts';
import { createGate } from './gate.ts';
import { createLink } from './network.ts';
import type { ProcessClock } from './process-clock.ts';
import { feltBy, type Service } from './weather.ts';
import type { World } from './world.ts';

/** A command that clients give. */
export type AnyCommand =
  | RegisterWorkflow
  | ChangeWorkflow
  | ChangeSchedule
  | StartExecution
  | EmitEvent
  | SignalExecution
  | DecideApproval
  | OperateExecution
  | MigrateExecution
  | ResendNotification
  | RetainExecutions
  | TruncateStreams
  | ImportArchive;

/** What commands are answered with; fields are there by the command. */
export type Answer = Partial<RegisteredWorkflow & StartedExecution & EmittedEvent & Operated> & {
  readonly position: bigint;
};

/** The connection to a node has ended; nothing is known of what was asked. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** A server node: the composition of the product on simulated stores, time and world. */
export interface SimulatedNode {
  readonly name: string;
  readonly rollout: number;
  readonly core: Core<CoreConfig>;
  /** Carries out a command as the API does. Rejects with `ConnectionLost` when the node goes before it answers. */
  execute(command: AnyCommand): Promise<Answer>;
  /** Asks as workers do, until `gone` says that the asker went. Rejects with `ConnectionLost`. */
  work<T>(ask: (workers: Workers, gone: AbortSignal) => Promise<T>, gone: AbortSignal): Promise<T>;
  /** Something of the node; rejects with `ConnectionLost` when the node goes meanwhile. */
  whileUp<T>(work: Promise<T>): Promise<T>;
  readonly clock: Pick<ProcessClock, 'set'>;
  /** Services that it cannot reach though others do. */
  readonly cutOff: Set<Service>;
  /** Nothing of it goes on, as by SIGSTOP, until it is thawed: then all of it, as far as it was not lost meanwhile. */
  freeze(): void;
  thaw(): void;
  /** Ends it gracefully, once it is not frozen. */
  stop(): Promise<void>;
  /** It is gone, as by SIGKILL: nothing of it acts any more. */
  lose(): void;
  /** What it has under way. */
  pending(): readonly string[];
  /** It had started, and no client waited for it when it ended. */
  readonly isIdle: boolean;
  /** Timers that are armed in its name. */
  readonly armed: number;
}

const handlersOf = ({
  definitions,
  schedules,
  emissions,
  admission,
  engine,
  deliveries,
  retainer,
  log,
  clock,
  ids,
}: Core<CoreConfig>) => {
  const { executions } = engine;
  const registers = new RegisterWorkflowHandler(definitions, clock);
  const changes = new ChangeWorkflowHandler(definitions, clock);
  const pauses = new ChangeScheduleHandler(schedules, definitions, clock);
  const starts = new StartExecutionHandler(definitions, executions, clock, ids, admission);
  const emits = new EmitEventHandler(definitions, executions, emissions, clock, admission);
  const signals = new SignalExecutionHandler(executions, clock);
  const decides = new DecideApprovalHandler(executions, clock);
  const resends = new ResendNotificationHandler(deliveries, clock);
  const migrates = new MigrateExecutionHandler(executions, definitions, clock);
  const operates = new OperateExecutionHandler(executions, clock);
  const removes = new RetainHandler(retainer, log);
  const truncates = new TruncateStreamsHandler(retainer, log);
  const imports = new ImportArchiveHandler(retainer, log);
  return (command: AnyCommand): Promise<Answer> => {
    if (command instanceof RetainExecutions) return removes.execute(command);
    if (command instanceof TruncateStreams) return truncates.execute(command);
    if (command instanceof ImportArchive) return imports.execute(command);
    if (command instanceof RegisterWorkflow) return registers.execute(command);
    if (command instanceof ChangeWorkflow) return changes.execute(command);
    if (command instanceof ChangeSchedule) return pauses.execute(command);
    if (command instanceof StartExecution) return starts.execute(command);
    if (command instanceof EmitEvent) return emits.execute(command);
    if (command instanceof ResendNotification) return resends.execute(command);
    if (command instanceof MigrateExecution) return migrates.execute(command);
    if (command instanceof DecideApproval) return decides.execute(command);
    return command instanceof SignalExecution ? signals.execute(command) : operates.execute(command);
  };
};

/** Starts a node; it takes commands at once, as the server does. */
export const startNode = (world: World, options: NodeOptions): SimulatedNode => {
  const { name, process = 1 } = options;
  const { weather, trace } = world;
  const random = world.random.fork(`network of ${name}${process === 1 ? '' : ` ${process}`}`);
  const cutOff = new Set<Service>();
  const gateClock = world.clock.owned(`gate of ${name}`);
  const gate = createGate(gateClock, random.fork('gate'));
  const link = createLink({
    weather: feltBy(weather, cutOff),
    trace: (line) => trace(`${name} ${line}`),
    clock: world.clock.owned(`network of ${name}`),
    random,
    gate,
  });
  const { core, clock, owned, calls } = composeNode(world, options, link, gate);
  const handle = handlersOf(core);
  let asked = 0;
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => undefined);
  const whileUp = <T>(work: Promise<T>): Promise<T> => Promise.race([work, gone.promise]);
  const { ownership } = core;
  if (ownership !== undefined) world.believers.add(ownership);
  const end = (): void => {
    if (ownership !== undefined) world.believers.delete(ownership);
    link.cut();
    gone.reject(new ConnectionLost(`${name} is gone.`));
  };
  trace(`${name} starts`);
  world.waits(`the start of ${name}`, whileUp(core.start())).catch((error: unknown) => {
    if (!(error instanceof ConnectionLost)) world.broken('a node starts', { error: String(error) });
  });
  return {
    name,
    rollout: options.rollout,
    core,
    clock,
    cutOff,
    whileUp,
    execute: async (command) => {
      asked += 1;
      try {
        await whileUp(gate.open());
        return await whileUp(handle(command));
      } finally {
        asked -= 1;
      }
    },
    work: async (ask, gone) => {
      asked += 1;
      const heard = new AbortController();
      gone.addEventListener('abort', () => gate.pass('news', () => heard.abort()));
      try {
        await whileUp(gate.open());
        return await whileUp(ask(core.engine.workers, heard.signal));
      } finally {
        asked -= 1;
      }
    },
    get isIdle() {
      return core.started && asked === 0;
    },
    freeze: () => {
      trace(`${name} is frozen`);
      gate.freeze();
    },
    thaw: () => {
      if (link.isCut) return;
      trace(`${name} goes on`);
      gate.thaw();
    },
    stop: async () => {
      await whileUp(gate.open());
      trace(`${name} stops`);
      await world.waits(`the stop of ${name}`, core.close());
      end();
    },
    lose: () => {
      trace(`${name} is lost`);
      end();
      owned.cut();
      calls.cut();
      gateClock.cut();
    },
    pending: () => link.pending,
    get armed() {
      return owned.armed;
    },
  };
};
