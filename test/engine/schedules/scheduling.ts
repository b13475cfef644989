import { onTestFinished } from 'vitest';
import { createEnvelopes } from '../../../src/commands/envelope.ts';
import { createSchedules, type Schedules } from '../../../src/commands/schedules.ts';
import { decideSchedule } from '../../../src/domain/schedule/decide.ts';
import { streamOf } from '../../../src/domain/stream.ts';
import type { Owned } from '../../../src/engine/owned.ts';
import { createScheduler, type Scheduler } from '../../../src/engine/schedules/scheduler.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { handClock, type HandClock } from '../../spec/clock.ts';
import { CALLER, openEngine, sourceOf, type EngineUnderTest, type Run } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';

/** What a scheduler of a spec is made of. */
export interface SchedulingParts {
  readonly log: EventLog;
  readonly clock?: HandClock;
  readonly activities?: Readonly<Record<string, Run>>;
  readonly owned?: Owned;
  /** Tells the nodes of a spec apart (default 1). */
  readonly space?: number;
  /** What it uses of the log, when that is another. */
  readonly over?: Partial<EventLog>;
}

/** A scheduler on an engine on a log, as the server puts them together. */
export interface Scheduling extends EngineUnderTest {
  readonly scheduler: Scheduler;
  readonly schedules: Schedules;
  register(yaml: string): Promise<void>;
  change(workflow: string, type: 'pause' | 'resume'): Promise<void>;
  /** Resolves once the scheduler sleeps until exactly this time (ms since the Unix epoch). */
  sleeps(until: number): Promise<void>;
}

/** Nine o'clock, when the clock of a spec stands still. */
export const NINE = Date.UTC(2026, 0, 31, 9);

/** A workflow that starts itself each minute. */
export const tidy = (more = '', step = '  - name: clean\n'): string =>
  `workflow: tidy\ntrigger: { schedule: { cron: "* * * * *"${more} } }\nvariables: { at: "\${event.due_at}" }\nactivities:\n${step}`;

/** What happened to a schedule: the types, and the minutes behind nine that they are about. */
export const storyOf = async (log: EventLog, workflow = 'tidy'): Promise<readonly string[]> =>
  (await log.read(streamOf('schedule', workflow))).map(({ type, facts }) => {
    const { dueAt } = facts;
    return typeof dueAt === 'number' ? `${type} ${(dueAt - NINE) / 60_000}` : type;
  });

/** Puts a scheduler on a log; it begins at once. */
export const openScheduling = (parts: SchedulingParts): Scheduling => {
  const { clock = handClock(NINE), activities = { clean: () => null }, space = 1 } = parts;
  const log = { ...parts.log, ...parts.over };
  const ids = countingIds(0.5, space);
  const engine = openEngine({
    log,
    clock,
    ids,
    activities,
    ...(parts.owned === undefined ? {} : { owned: parts.owned }),
    changed: (workflow) => scheduler.look(workflow),
  });
  const schedules = createSchedules({
    log,
    world: { clock, ids },
    envelopes: createEnvelopes('a-node', ids),
    maxPayload: 524_288,
    over: engine.engine.over,
    changed: (workflow) => scheduler.look(workflow),
  });
  const { definitions } = engine;
  const { executions } = engine.engine;
  const logger = { debug() {}, info() {}, warn() {}, error: (fields: object) => console.error(fields) };
  const owned = parts.owned === undefined ? {} : { owned: parts.owned };
  const scheduler = createScheduler({ log, clock, logger, definitions, executions, schedules, ...owned });
  definitions.complete();
  scheduler.begin();
  onTestFinished(() => scheduler.close());
  return {
    ...engine,
    scheduler,
    schedules,
    register: async (yaml) => {
      await definitions.register(sourceOf(yaml), CALLER);
    },
    change: async (workflow, type) => {
      const command = { type, reason: 'because' };
      await schedules.change(
        workflow,
        (state) => decideSchedule(state, workflow, command, clock.now()),
        CALLER,
      );
    },
    sleeps: (until) => clock.armed(until),
  };
};
