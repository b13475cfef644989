import { openSqliteReadModels } from '../src/adapters/sqlite/read-models.ts';
import { createEmissionMark } from '../src/engine/emissions/emission-mark.ts';
import { FAR } from '../src/settle-emissions.ts';
import { viewsFile } from '../src/views-file.ts';
import { openSqliteLog } from '../src/adapters/sqlite/event-log.ts';
import { createLogger } from '../src/adapters/pino/logger.ts';
import { createThreads } from '../src/threads.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemIds } from '../src/adapters/system/ids.ts';
import type { Caller } from '../src/commands/caller.ts';
import { createDefinitions, type Definitions } from '../src/commands/definitions.ts';
import { createEnvelopes } from '../src/commands/envelope.ts';
import { headAfter, NO_STREAM, seal } from '../src/domain/chain.ts';
import type { Definition } from '../src/domain/definition/definition.ts';
import type { ExecutionCommand } from '../src/domain/execution/commands.ts';
import { decide } from '../src/domain/execution/decide.ts';
import { INITIAL } from '../src/domain/execution/state.ts';
import type { Json } from '../src/domain/json.ts';
import { streamOf } from '../src/domain/stream.ts';
import type { EventLog } from '../src/ports/event-log.ts';
import { startProjectorThread } from '../src/projector-thread.ts';
import { STEPS } from './figures.ts';

/** Whoever asks for what is measured. */
export const BENCH: Caller = {
  actor: { id: 'bench', kind: 'user', via: 'none' },
  tenant: 'default',
  traceparent: undefined,
};

/** Definitions of a log, for which everything is served. */
export const definitionsIn = (log: EventLog): Definitions => {
  const [clock, ids] = [systemClock(), systemIds()];
  return createDefinitions({
    log,
    world: { clock, ids },
    envelopes: createEnvelopes('bench', ids),
    maxPayload: 1_000_000,
    over: new AbortController().signal,
    serves: () => true,
  });
};

/** How many executions are to be there, besides those that are. */
export interface Population {
  /** Ended after one step: four events in two appends. */
  readonly finished?: number;
  /** Ended after the steps of the standard work: twelve events in six appends. */
  readonly standard?: number;
  /** In the middle of a call of `endless`. */
  readonly running?: number;
  /** When each of some more goes on by itself, ms since the Unix epoch. */
  readonly waiting?: readonly number[];
}

const ONE_STEP =
  'execution:\n  workflow: one_step\n  activities:\n    - name: step\n      activity: endless\n';
const NAMES = Array.from({ length: STEPS }, (_, step) => `step_${step + 1}`);
/** A workflow of the standard work, each of whose steps calls an activity. */
export const standardSource = (workflow: string, activity: string): string => `execution:
  workflow: ${workflow}
  activities:
${NAMES.map((name) => `    - name: ${name}\n      activity: ${activity}\n`).join('')}`;
/** Waits until the time that is its input. */
export const UNTIL =
  'execution:\n  workflow: until\n  activities:\n    - name: rest\n      wait: { until: "${input}" }\n';

const VIEWS = ['executions', 'timeline', 'active', 'outcomes', 'durations', 'workflows'];

// Appended together so many fill the log's groups without filling the memory.
const IN_FLIGHT = 2_048;
const A_DAY = 86_400_000;

/** What a row of executions is made of. */
interface Row {
  readonly definition: Definition;
  readonly input: Json;
  readonly more: readonly ExecutionCommand[];
}

const completes = (step: string): ExecutionCommand => ({
  type: 'complete_attempt',
  step,
  attempt: 1,
  compensation: false,
  output: null,
});

/** Writes executions as the engine would have: decided, sealed and chained. */
const writer = (log: EventLog) => {
  const ids = systemIds();
  const envelopes = createEnvelopes('bench', ids);
  const failures: unknown[] = [];
  const flow = { inFlight: 0 };
  let room: (() => void) | undefined;

  const landed = (): void => {
    flow.inFlight -= 1;
    room?.();
  };

  /** Waits until no more than so many appends are under way. */
  const atMost = async (count: number): Promise<void> => {
    while (flow.inFlight > count) await new Promise<void>((resolve) => (room = resolve));
    if (failures.length > 0) throw failures[0];
  };

  const write = async (at: number, { definition, input, more }: Row): Promise<void> => {
    const id = ids.next();
    const stream = streamOf('execution', id);
    let state = INITIAL;
    let head = NO_STREAM;
    for (const command of [{ type: 'start', id, trigger: 'manual', input, event: null } as const, ...more]) {
      const context = { executionId: id, now: at, random: () => 0.5, serves: () => true };
      const decided = decide(definition, state, command, context);
      const commit = seal(
        stream,
        head,
        decided.events,
        envelopes.open(id, BENCH, BENCH.tenant, at, definition.hash),
      );
      state = decided.state;
      head = headAfter(commit);
      flow.inFlight += 1;
      log
        .append(commit)
        .catch((error: unknown) => failures.push(error))
        .finally(landed);
    }
    await atMost(IN_FLIGHT);
  };

  return { write, settled: () => atMost(0) };
};

/** Adds executions to the embedded stores in a folder, and folds the views of them with the server's own projector. */
export const generate = async (data: string, population: Population): Promise<void> => {
  const { finished = 0, standard = 0, running = 0, waiting = [] } = population;
  const log = await openSqliteLog({ path: data });
  const clock = systemClock();
  const projector = await startProjectorThread(
    { data, wake: log.wake },
    { clock, threads: createThreads(createLogger('error')) },
  );
  const definitions = definitionsIn(log);
  try {
    await definitions.register(ONE_STEP, BENCH);
    await definitions.register(UNTIL, BENCH);
    const oneStep = await definitions.startable('one_step');
    const until = await definitions.startable('until');
    const { write, settled } = writer(log);
    const now = clock.now();
    /** Spread over the last day. */
    const over = async (count: number, row: Row): Promise<void> => {
      for (let n = 0; n < count; n += 1) await write(Math.floor(now - A_DAY + (n / count) * A_DAY), row);
    };
    await over(finished, { definition: oneStep, input: null, more: [completes('step')] });
    if (standard > 0) {
      await definitions.register(standardSource('five_steps', 'endless'), BENCH);
      const fiveSteps = await definitions.startable('five_steps');
      await over(standard, { definition: fiveSteps, input: null, more: NAMES.map(completes) });
    }
    for (let n = 0; n < running; n += 1) await write(now, { definition: oneStep, input: null, more: [] });
    for (const dueAt of waiting)
      await write(now, { definition: until, input: new Date(dueAt).toISOString(), more: [] });
    await settled();
    const end = await log.end();
    await projector.waitFor(end, VIEWS, A_DAY);
    await settle(data, end);
  } finally {
    await projector.stop();
    await log.close();
  }
};

/** How far a server that wrote all this would at least have stored that every accepted event is settled. */
const settle = async (data: string, end: bigint): Promise<void> => {
  const readModels = await openSqliteReadModels({ path: viewsFile(data) });
  await createEmissionMark(readModels).save(end > FAR ? end - FAR : 0n);
  await readModels.close();
};
