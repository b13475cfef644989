import { awaitedBy, type ChildrenOf } from '../domain/definition/build/children.ts';
import type { TakenBy } from '../domain/definition/build/route.ts';
import { compileDefinition } from '../domain/definition/compile.ts';
import {
  decideWorkflow,
  defaultVersion,
  startableVersion,
  versionAt,
  type NamedWorkflow,
  hashNotFound,
  workflowNotFound,
  type WorkflowCommand,
} from '../domain/definition/decide-workflow.ts';
import type { Definition, ParsedDefinition } from '../domain/definition/definition.ts';
import type { WorkflowEvent, WorkflowRegistered } from '../domain/definition/events.ts';
import { parseDefinition } from '../domain/definition/parse.ts';
import type { Capacity } from '../domain/flow/resources.ts';
import type { KnownRecipients } from '../domain/notification/target.ts';
import { nameOfRoute } from '../domain/definition/trigger.ts';
import { evolveWorkflow, type WorkflowVersion } from '../domain/definition/workflow.ts';
import { Rejection } from '../domain/rejection.ts';
import { LogUnavailable } from '../ports/event-log.ts';
import type { RegisteredVersions } from '../ports/registered-versions.ts';
import type { RouteOwners } from '../ports/route-owners.ts';
import type { Scheduling } from '../ports/scheduling.ts';
import type { WorkflowLimits } from '../ports/workflow-limits.ts';
import type { WorkflowAudit } from '../ports/workflow-audit.ts';
import type { WorkflowRetention } from '../ports/workflow-retention.ts';
import type { WorkflowChildren } from '../ports/workflow-children.ts';
import type { Caller } from './caller.ts';
import type { Accepted, RegisteredWorkflow } from './commands.ts';
import { createTurns } from './in-turn.ts';
import type { Workflow } from './load-workflow.ts';
import { ownerOf, routesOf, type Routes } from './routes.ts';
import { stopping } from './stopping.ts';
import { createWorkflows, type WorkflowsOptions } from './workflows.ts';

/** What `createDefinitions` needs. */
export interface DefinitionsOptions extends Omit<WorkflowsOptions, 'changed'> {
  /** Told that what a workflow starts, or when, may be another than before. */
  readonly changed?: (workflow: string) => void;
  /** Whether somebody serves an activity now; registering warns of those that nobody serves. */
  readonly serves: (activity: string, isolated?: boolean) => boolean;
  /** What calls of this node may take at once; registering warns of those that would take more. */
  readonly capacity?: Capacity;
  /** Whom the server can tell of something; definitions name nobody else. Whoever they name unless it is given. */
  readonly directory?: KnownRecipients;
}

/** A workflow that new executions cannot run. */
export interface UnreadableWorkflow {
  readonly workflow: string;
  readonly error: unknown;
}

/** The definitions that were registered: immutable, by workflow and hash. */
export interface Definitions
  extends
    RouteOwners,
    Scheduling,
    WorkflowChildren,
    RegisteredVersions,
    WorkflowLimits,
    WorkflowRetention,
    WorkflowAudit {
  /**
   * Brings the workflows of these names into memory; answers those that cannot be read, which events do not start.
   * Rejects with `LogUnavailable`.
   */
  preload(names: readonly string[]): Promise<readonly UnreadableWorkflow[]>;
  /** Says that all are in memory that there are so far, so that whoever waits for that finds them. */
  complete(): void;
  /** Refuses whoever waits for `complete` with `UNAVAILABLE`, and whoever would wait, unless that was called before. */
  close(): void;
  /** Takes note of what happened to a workflow elsewhere. */
  refresh(name: string): Promise<void>;
  /** Adds a version unless the latest one says the same. Rejects with `INVALID_DEFINITION` and all problems. */
  register(source: string, caller: Caller): Promise<RegisteredWorkflow>;
  /** Changes what new executions run. Rejects with `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`, `VERSION_RETIRED`, `ROUTE_TAKEN`. */
  change(workflow: string, command: WorkflowCommand, caller: Caller): Promise<Accepted>;
  /**
   * The version that a new execution runs: that of the number, or else the workflow's default. Rejects with
   * `WORKFLOW_NOT_FOUND`, but not before `complete`, with `VERSION_NOT_FOUND`, `WORKFLOW_RETIRED`, `VERSION_RETIRED`.
   */
  startable(workflow: string, number?: number): Promise<Definition>;
  /** The version of that hash. Rejects with `WORKFLOW_NOT_FOUND`. */
  get(workflow: string, hash: string): Promise<Definition>;
  /** The default versions of all workflows that an event of this type may start; waits for `complete`. */
  triggeredBy(event: string): Promise<readonly Definition[]>;
  /** The default versions that requests to this path start, one a method; waits for `complete`. */
  routedAt(path: string): Promise<readonly Definition[]>;
}

/** Keeps definitions in memory, compiled once each. */
export const createDefinitions = ({
  serves,
  directory,
  capacity,
  changed,
  ...options
}: DefinitionsOptions): Definitions => {
  const compiled = new Map<string, Definition>();
  const inTurn = createTurns();
  let byEvent: ReadonlyMap<string, readonly Definition[]> | undefined;
  let byPath: Routes | undefined;
  const loaded = Promise.withResolvers<void>();
  const completed = Promise.withResolvers<void>();
  // Nobody may be waiting when it is closed.
  loaded.promise.catch(() => undefined);
  completed.promise.catch(() => undefined);
  let isComplete = false;
  const workflows = createWorkflows({
    ...options,
    changed: (name) => {
      byEvent = undefined;
      byPath = undefined;
      changed?.(name);
    },
  });

  const compile = ({ definition: hash, document }: WorkflowVersion): Definition => {
    const ready = compiled.get(hash);
    if (ready !== undefined) return ready;
    const definition = compileDefinition(document);
    compiled.set(hash, definition);
    return definition;
  };

  const versionOf = ({ name, versions }: Workflow, hash: string): WorkflowVersion => {
    const version = versions.find(({ definition }) => definition === hash);
    if (version === undefined) throw hashNotFound(name, hash);
    return version;
  };

  /** What events and requests may start of a workflow: whoever read one that cannot be run was told what is wrong with it. */
  const triggered = (workflow: NamedWorkflow): readonly Definition[] => {
    try {
      return [compile(startableVersion(workflow))];
    } catch {
      return [];
    }
  };

  /** The version that says for all of a workflow's executions how they are dealt with; also of one that is retired. */
  const usual = (name: string): Definition | undefined => {
    const workflow = workflows.get(name);
    if (workflow === undefined || workflow.versions.length === 0) return undefined;
    try {
      return compile(defaultVersion(workflow));
    } catch {
      return undefined;
    }
  };

  const routed = (): Routes => (byPath ??= routesOf([...workflows.all()], triggered));

  const takenBy: TakenBy = (route, workflow) => ownerOf(routed(), route, workflow);

  const childrenOf: ChildrenOf = (name) => {
    const workflow = workflows.get(name);
    if (workflow === undefined || workflow.versions.length === 0) return undefined;
    return triggered(workflow).flatMap(awaitedBy);
  };

  /** Refuses what would let a request start a workflow while it starts another. */
  const refuseTaken = (known: Workflow, event: WorkflowEvent): void => {
    const { name } = known;
    for (const { route } of triggered({ ...evolveWorkflow(known, event), name })) {
      const owner = route === undefined ? undefined : takenBy(route, name);
      if (route !== undefined && owner !== undefined) throw routeTaken(nameOfRoute(route), owner);
    }
  };

  const parse = (source: string): ParsedDefinition =>
    parseDefinition(source, serves, takenBy, directory, childrenOf, capacity);

  const register: Definitions['register'] = async (source, caller) => {
    const parsed = parse(source);
    if (!parsed.ok || parsed.definition.route === undefined) return add(accepted(parsed), source, caller);
    // Others may be registering the same route, or have it and not be in memory yet.
    await loaded.promise;
    return inTurn(() => add(accepted(parse(source)), source, caller));
  };

  const add = async (parsed: Parsed, source: string, caller: Caller): Promise<RegisteredWorkflow> => {
    const { definition, document, warnings } = parsed;
    const { workflow: name, hash } = definition;
    const decide = ({ versions }: Workflow): WorkflowRegistered | undefined => {
      if (versions.at(-1)?.definition === hash) return undefined;
      const triggerEvent = definition.trigger?.event ?? '';
      const facts = { workflow: name, definition: hash, number: versions.length + 1, triggerEvent };
      return { type: 'workflow.registered', facts, payload: { source, document } };
    };
    const { workflow, changed } = await workflows.change(name, decide, caller);
    compiled.set(hash, definition);
    const { versions, position } = workflow;
    return {
      workflow: name,
      definition: hash,
      number: versions.length,
      created: changed,
      warnings,
      position,
    };
  };

  const change: Definitions['change'] = async (name, command, caller) => {
    // What is refused or so already is not held against the log by an append: it is asked first.
    await workflows.reloadPatiently(name);
    const decide = (known: Workflow): WorkflowEvent | undefined => {
      const event = decideWorkflow(known, command);
      if (event !== undefined) refuseTaken(known, event);
      return event;
    };
    const { workflow } = await workflows.change(name, decide, caller);
    return { position: workflow.position };
  };

  return {
    takenBy,
    childrenOf,
    register,
    change: async (name, command, caller) => {
      // Another workflow may get the same route meanwhile, or have it and not be in memory yet.
      await loaded.promise;
      return inTurn(() => change(name, command, caller));
    },
    refresh: async (name) => {
      compile(defaultVersion(await workflows.reload(name)));
    },
    preload: async (names) => {
      const unreadable: UnreadableWorkflow[] = [];
      for (const workflow of names) {
        try {
          compile(defaultVersion(await workflows.reload(workflow)));
        } catch (error) {
          if (error instanceof LogUnavailable) throw error;
          unreadable.push({ workflow, error });
        }
      }
      loaded.resolve();
      return unreadable;
    },
    complete: () => {
      isComplete = true;
      loaded.resolve();
      completed.resolve();
    },
    close: () => {
      loaded.reject(stopping('knows all workflows'));
      completed.reject(stopping('knows all workflows'));
    },
    startable: async (name, number) => {
      const workflow = await workflows.known(name);
      if (!isComplete && workflow.versions.length === 0) await completed.promise;
      else if (number === undefined || number <= workflow.versions.length)
        return compile(startableVersion(workflow, number));
      // Another node may have registered it a moment ago.
      return compile(startableVersion(await workflows.reloadPatiently(name), number));
    },
    get: async (name, hash) =>
      compiled.get(hash) ?? compile(versionOf(await workflows.reloadPatiently(name), hash)),
    version: async (name, number) => {
      const workflow = await workflows.known(name);
      // Another node may have registered it a moment ago.
      const isKnown = number <= workflow.versions.length;
      const { versions } = isKnown ? workflow : await workflows.reloadPatiently(name);
      if (versions.length === 0) throw workflowNotFound(name);
      return versionAt({ ...workflow, versions }, number);
    },
    triggeredBy: async (event) => {
      await completed.promise;
      byEvent ??= Map.groupBy([...workflows.all()].flatMap(triggered), ({ trigger }) => trigger?.event ?? '');
      return byEvent.get(event) ?? [];
    },
    scheduled: (name) => {
      const workflow = workflows.get(name);
      const [definition] = workflow === undefined ? [] : triggered(workflow);
      if (workflow === undefined || definition?.schedule === undefined) return undefined;
      const { hash, schedule } = definition;
      return { workflow: name, definition: hash, schedule, since: workflow.scheduledSince };
    },
    mostAtOnce: (name) => {
      const workflow = workflows.get(name);
      const [definition] = workflow === undefined ? [] : triggered(workflow);
      const { workflows: limit, key } = definition?.concurrency ?? {};
      return key === undefined ? limit?.limit : limit?.total;
    },
    retention: (name) => usual(name)?.retention,
    known: async (name) => {
      await completed.promise;
      // Another node may have registered it a moment ago.
      if (name !== undefined && (await workflows.known(name)).versions.length === 0)
        await workflows.reloadPatiently(name);
    },
    recordedReads: (name) => usual(name)?.recordedReads,
    names: () => [...workflows.all()].flatMap(({ name, versions }) => (versions.length === 0 ? [] : [name])),
    scheduledWorkflows: () =>
      [...workflows.all()].flatMap(({ name, scheduledSince }) => (scheduledSince > 0 ? [name] : [])),
    routedAt: async (path) => {
      await completed.promise;
      return routed().get(path) ?? [];
    },
  };
};

type Parsed = Extract<ParsedDefinition, { ok: true }>;

const accepted = (parsed: ParsedDefinition): Parsed => {
  if (parsed.ok) return parsed;
  const { problems } = parsed;
  const lines = problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  throw new Rejection(
    'INVALID_DEFINITION',
    `Expected a definition without problems, but found ${problems.length}:\n${lines.join('\n')}`,
    { field: 'source', problems: problems.map((problem) => ({ ...problem })) },
  );
};

const routeTaken = (route: string, owner: string): Rejection =>
  new Rejection(
    'ROUTE_TAKEN',
    `Expected a version whose requests start no other workflow, but ${route} starts "${owner}".`,
    { field: 'workflow', found: owner },
  );
