import { seal } from '../domain/chain.ts';
import type { TakenBy } from '../domain/definition/build/route.ts';
import { compileDefinition } from '../domain/definition/compile.ts';
import type { Definition, ParsedDefinition } from '../domain/definition/definition.ts';
import type { WorkflowRegistered } from '../domain/definition/events.ts';
import { parseDefinition } from '../domain/definition/parse.ts';
import type { KnownRecipients } from '../domain/notification/target.ts';
import { Rejection } from '../domain/rejection.ts';
import { streamOf } from '../domain/stream.ts';
import { LogUnavailable, WrongExpectedRevision, type EventLog } from '../ports/event-log.ts';
import { appendWhole, checkSize, whenAvailable } from './append.ts';
import type { RouteOwners } from '../ports/route-owners.ts';
import type { Caller } from './caller.ts';
import type { RegisteredWorkflow } from './commands.ts';
import type { Envelopes, World } from './envelope.ts';
import { createTurns } from './in-turn.ts';
import { loadWorkflow, versionAdded, type Workflow } from './load-workflow.ts';
import { ownerOf, routesOf, type Routes } from './routes.ts';
import { stopping } from './stopping.ts';

/** What `createDefinitions` needs. */
export interface DefinitionsOptions {
  readonly log: EventLog;
  readonly world: World;
  readonly envelopes: Envelopes;
  /** The most bytes of one event's payload. */
  readonly maxPayload: number;
  readonly over: AbortSignal;
  /** Whether somebody serves an activity now; registering warns of those that nobody serves. */
  readonly serves: (activity: string, isolated?: boolean) => boolean;
  /** Whom the server can tell of something; definitions name nobody else. Whoever they name unless it is given. */
  readonly directory?: KnownRecipients;
}

/** A workflow that new executions cannot run. */
export interface UnreadableWorkflow {
  readonly workflow: string;
  readonly error: unknown;
}

/** The definitions that were registered: immutable, by workflow and hash. */
export interface Definitions extends RouteOwners {
  /**
   * Brings the workflows of these names into memory; answers those that cannot be read, which events do not start.
   * Rejects with `LogUnavailable`.
   */
  preload(names: readonly string[]): Promise<readonly UnreadableWorkflow[]>;
  /** Says that all are in memory that there are so far, so that whoever waits for that finds them. */
  complete(): void;
  /** Refuses whoever waits for `complete` with `UNAVAILABLE`, and whoever would wait, unless that was called before. */
  close(): void;
  /** Takes note of versions that were registered elsewhere. */
  refresh(name: string): Promise<void>;
  /** Adds a version unless the latest one says the same. Rejects with `INVALID_DEFINITION` and all problems. */
  register(source: string, caller: Caller): Promise<RegisteredWorkflow>;
  /** The version that new executions run. Rejects with `WORKFLOW_NOT_FOUND`, but not before `complete`. */
  latest(workflow: string): Promise<Definition>;
  /** The version of that hash. Rejects with `WORKFLOW_NOT_FOUND`. */
  get(workflow: string, hash: string): Promise<Definition>;
  /** The latest versions of all workflows that an event of this type may start; waits for `complete`. */
  triggeredBy(event: string): Promise<readonly Definition[]>;
  /** The latest versions that requests to this path start, one a method; waits for `complete`. */
  routedAt(path: string): Promise<readonly Definition[]>;
}

/** Keeps definitions in memory, compiled once each. */
export const createDefinitions = ({
  log,
  world,
  envelopes,
  maxPayload,
  over,
  serves,
  directory,
}: DefinitionsOptions): Definitions => {
  const workflows = new Map<string, Workflow>();
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

  const keep = (workflow: Workflow): void => {
    // Answers of the log may come in another order than they were true: an append that was repeated comes late.
    if ((workflows.get(workflow.name)?.head.revision ?? -1) >= workflow.head.revision) return;
    workflows.set(workflow.name, workflow);
    byEvent = undefined;
    byPath = undefined;
  };

  const reload = async (name: string): Promise<Workflow> => {
    const workflow = await loadWorkflow(log, name);
    keep(workflow);
    return workflow;
  };

  /** For whoever asks for a workflow by its name: an outage of the log is waited for, as their appends wait. */
  const known = async (name: string): Promise<Workflow> =>
    workflows.get(name) ?? (await whenAvailable(world.clock, over, () => reload(name)));

  const compile = (hash: string, workflow: Workflow): Definition => {
    const ready = compiled.get(hash);
    if (ready !== undefined) return ready;
    const version = workflow.versions.find(({ definition }) => definition === hash);
    if (version === undefined) throw notFound(workflow.name, hash);
    const definition = compileDefinition(version.document);
    compiled.set(hash, definition);
    return definition;
  };

  const latestOf = (workflow: Workflow): Definition => {
    const latest = workflow.versions.at(-1);
    if (latest === undefined) throw notFound(workflow.name);
    return compile(latest.definition, workflow);
  };

  /** The latest version of a workflow that has one which can be run: whoever read another was told what is wrong with it. */
  const startable = (workflow: Workflow): readonly Definition[] => {
    try {
      return [latestOf(workflow)];
    } catch {
      return [];
    }
  };

  const routed = (): Routes => (byPath ??= routesOf([...workflows.values()], startable));

  const takenBy: TakenBy = (route, workflow) => ownerOf(routed(), route, workflow);

  const append = async (
    workflow: Workflow,
    parsed: Parsed,
    source: string,
    caller: Caller,
  ): Promise<Workflow> => {
    const { definition, document } = parsed;
    const number = workflow.versions.length + 1;
    const event: WorkflowRegistered = {
      type: 'workflow.registered',
      facts: {
        workflow: definition.workflow,
        definition: definition.hash,
        number,
        triggerEvent: definition.trigger?.event ?? '',
      },
      payload: { source, document },
    };
    const at = world.clock.now();
    const metadata = envelopes.open(definition.workflow, caller, caller.tenant, at, definition.hash);
    const commit = seal(streamOf('workflow', definition.workflow), workflow.head, [event], metadata);
    checkSize(commit, maxPayload);
    const { position } = await appendWhole(log, world.clock, commit, over);
    return versionAdded(workflow, commit, position, { definition: definition.hash, document });
  };

  const parse = (source: string): ParsedDefinition => parseDefinition(source, serves, takenBy, directory);

  const register = async (source: string, caller: Caller): Promise<RegisteredWorkflow> => {
    const parsed = parse(source);
    if (!parsed.ok || parsed.definition.route === undefined) return add(accepted(parsed), source, caller);
    // Others may be registering the same route, or have it and not be in memory yet.
    await loaded.promise;
    return inTurn(() => add(accepted(parse(source)), source, caller));
  };

  const add = async (parsed: Parsed, source: string, caller: Caller): Promise<RegisteredWorkflow> => {
    const { definition, warnings } = parsed;
    const name = definition.workflow;
    for (let workflow = await known(name); ;) {
      const latest = workflow.versions.at(-1);
      const answer = { workflow: name, definition: definition.hash, warnings };
      if (latest?.definition === definition.hash) {
        return { ...answer, number: workflow.versions.length, created: false, position: workflow.position };
      }
      try {
        workflow = await append(workflow, parsed, source, caller);
        keep(workflow);
        compiled.set(definition.hash, definition);
        return { ...answer, number: workflow.versions.length, created: true, position: workflow.position };
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
      workflow = await whenAvailable(world.clock, over, () => reload(name));
    }
  };

  return {
    takenBy,
    register,
    refresh: async (name) => {
      latestOf(await reload(name));
    },
    preload: async (names) => {
      const unreadable: UnreadableWorkflow[] = [];
      for (const workflow of names) {
        try {
          latestOf(await reload(workflow));
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
    latest: async (name) => {
      const workflow = await known(name);
      if (isComplete || workflow.versions.length > 0) return latestOf(workflow);
      await completed.promise;
      return latestOf(await known(name));
    },
    get: async (name, hash) =>
      compiled.get(hash) ?? compile(hash, await whenAvailable(world.clock, over, () => reload(name))),
    triggeredBy: async (event) => {
      await completed.promise;
      byEvent ??= Map.groupBy(
        [...workflows.values()].flatMap(startable),
        ({ trigger }) => trigger?.event ?? '',
      );
      return byEvent.get(event) ?? [];
    },
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

const notFound = (workflow: string, hash?: string): Rejection =>
  new Rejection(
    'WORKFLOW_NOT_FOUND',
    hash === undefined
      ? `Expected the name of a registered workflow, but there is none called "${workflow}".`
      : `Expected a version of "${workflow}" with the hash ${hash}, but there is none.`,
    { field: 'workflow', found: workflow },
  );
