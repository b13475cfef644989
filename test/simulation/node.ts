import { CancelExecutionHandler } from '../../src/commands/cancel-execution.handler.ts';
import {
  CancelExecution,
  EmitEvent,
  RegisterWorkflow,
  SignalExecution,
  StartExecution,
} from '../../src/commands/commands.ts';
import type { EmittedEvent, RegisteredWorkflow, StartedExecution } from '../../src/commands/commands.ts';
import { EmitEventHandler } from '../../src/commands/emit-event.handler.ts';
import { RegisterWorkflowHandler } from '../../src/commands/register-workflow.handler.ts';
import { SignalExecutionHandler } from '../../src/commands/signal-execution.handler.ts';
import { StartExecutionHandler } from '../../src/commands/start-execution.handler.ts';
import { createCore, type Core, type CoreConfig } from '../../src/create-core.ts';
import { decorated } from '../../src/decorations.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { PACE, startProjector } from '../../src/projections/run-projections.ts';
import { simulatedIds } from './ids.ts';
import { linkedLog } from './linked-log.ts';
import { linkedReadModels } from './linked-read-models.ts';
import { createLink, type Link } from './network.ts';
import type { World } from './world.ts';

/** A command that clients give. */
export type AnyCommand = RegisterWorkflow | StartExecution | EmitEvent | SignalExecution | CancelExecution;

/** What commands are answered with; fields are there by the command. */
export type Answer = Partial<RegisteredWorkflow & StartedExecution & EmittedEvent> & {
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
  /** Something of the node; rejects with `ConnectionLost` when the node goes meanwhile. */
  whileUp<T>(work: Promise<T>): Promise<T>;
  /** Ends it gracefully. */
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

/** What differs from node to node. */
export interface NodeOptions {
  readonly name: string;
  /** Activities of later rollouts are not served. */
  readonly rollout: number;
}

const handlersOf = ({ definitions, emissions, admission, engine, clock, ids }: Core<CoreConfig>) => {
  const { executions } = engine;
  const registers = new RegisterWorkflowHandler(definitions, clock);
  const starts = new StartExecutionHandler(definitions, executions, clock, ids, admission);
  const emits = new EmitEventHandler(definitions, executions, emissions, clock, admission);
  const signals = new SignalExecutionHandler(executions, clock);
  const cancels = new CancelExecutionHandler(executions, clock);
  return (command: AnyCommand): Promise<Answer> => {
    if (command instanceof RegisterWorkflow) return registers.execute(command);
    if (command instanceof StartExecution) return starts.execute(command);
    if (command instanceof EmitEvent) return emits.execute(command);
    return command instanceof SignalExecution ? signals.execute(command) : cancels.execute(command);
  };
};

const composed = (world: World, { name, rollout }: NodeOptions, link: Link) => {
  const { planted, settings } = world;
  const random = world.random.fork(name);
  const owned = world.clock.owned(name);
  const clock = decorated(owned, planted.clock);
  const caller = {
    name,
    rollout,
    clock: world.clock.owned(`activities of ${name}`),
    get isLost() {
      return link.isCut;
    },
  };
  const log = decorated(linkedLog(world.log, link, random.fork('log')), planted.log);
  const readModels = decorated(linkedReadModels(world.store, link, world.moments), planted.readModels);
  const activities = decorated(world.outside.servedBy(caller), planted.activities);
  const error = (fields: object, message: string) =>
    world.broken('nothing goes wrong unseen', { message, ...fields });
  const silent = () => undefined;
  const logger: Logger = { debug: silent, info: silent, warn: silent, error };
  const projector = startProjector({
    log,
    readModels,
    clock,
    projections: PROJECTIONS,
    pace: PACE,
    dense: settings.dense,
    batch: settings.batch,
  });
  const stores = { log, readModels, projector, close: () => projector.stop() };
  const config = { node: name, workflows: undefined, maxPayload: settings.maxPayload, maxPending: 10_000 };
  const ids = simulatedIds(clock, random.fork('ids'));
  const core = createCore({ config, logger, clock, ids, activities, stores, idle: settings.idle });
  return { core: planted.core?.(core) ?? core, owned, caller };
};

/** Starts a node; it takes commands at once, as the server does. */
export const startNode = (world: World, options: NodeOptions): SimulatedNode => {
  const { name } = options;
  const { weather, trace } = world;
  const link = createLink({
    weather,
    trace: (line) => trace(`${name} ${line}`),
    clock: world.clock.owned(`network of ${name}`),
    random: world.random.fork(`network of ${name}`),
  });
  const { core, owned, caller } = composed(world, options, link);
  const handle = handlersOf(core);
  let asked = 0;
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => undefined);
  const whileUp = <T>(work: Promise<T>): Promise<T> => Promise.race([work, gone.promise]);
  const end = (): void => {
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
    whileUp,
    execute: async (command) => {
      asked += 1;
      try {
        return await whileUp(handle(command));
      } finally {
        asked -= 1;
      }
    },
    get isIdle() {
      return core.started && asked === 0;
    },
    stop: async () => {
      trace(`${name} stops`);
      await world.waits(`the stop of ${name}`, core.close());
      end();
    },
    lose: () => {
      trace(`${name} is lost`);
      end();
      owned.cut();
      caller.clock.cut();
    },
    pending: () => link.pending,
    get armed() {
      return owned.armed;
    },
  };
};
