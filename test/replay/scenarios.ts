import { EmitEvent } from '../../src/commands/commands.ts';
import { createEmissions, type Emissions } from '../../src/commands/emissions.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { startedIdOf, startsOf } from '../../src/domain/emission.ts';
import type { Json } from '../../src/domain/json.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { CALLER, openEngine, seen, sourceOf, type EngineUnderTest, type Run } from '../spec/engine.ts';
import { handNotifier, type HandNotifier } from '../spec/hand-notifier.ts';
import { countingIds } from '../spec/ids.ts';
import type { HandClock } from '../spec/clock.ts';
import { OPERATED } from './operator-scenarios.ts';
import { OUTPUTS } from './output-scenarios.ts';
import { SEARCHED } from './search-scenarios.ts';
import { GATES } from './gate-scenarios.ts';
import { fails, never, takes } from './runs.ts';
import { LEAFS } from './leaf-scenarios.ts';
import { NOTIFIED } from './notified-scenarios.ts';
import { LIMITS } from './limit-scenarios.ts';
import { TOURS } from './tour-scenarios.ts';
import { VERSIONS } from './version-scenarios.ts';
import { WORKERS } from './worker-scenarios.ts';

/** An execution under way, to which a scenario lets happen what it is about. */
export interface Stage extends EngineUnderTest {
  readonly log: EventLog;
  readonly notifier: HandNotifier;
  readonly id: string;
  /** Resolves once the log holds an event of a type, of a step if one is named. */
  happened(type: string, step?: string): Promise<void>;
}

/** A history that is to be kept. */
export interface Scenario {
  readonly name: string;
  /** The lines under `execution:`. */
  readonly yaml: string;
  readonly input?: Json;
  /** The payload of the event that starts it; without one it is started by hand. */
  readonly event?: Json;
  readonly activities: (clock: HandClock) => Readonly<Record<string, Run>>;
  readonly play: (stage: Stage) => Promise<unknown>;
}

const RETRY = '{ max_attempts: 3, backoff: { initial: 1s, multiplier: 2, jitter: 0.2 } }';

const TRIP = `
workflow: trip
variables: { trip: "\${input.trip}" }
activities:
  - name: flight
    output: { seat: "\${output.seat}" }
  - name: hotel
  - name: pay
compensation: { strategy: reverse, activities: [{ name: tell }] }
compensation_activities:
  flight: { activity: cancel_flight, params: { seat: "\${output.seat}", why: "\${error.type}" } }
  hotel: { activity: cancel_hotel }
error_handling:
  activity_error: { retry: ${RETRY} }
  workflow_error: { strategy: compensate }
`;

const trip = (clock: HandClock): Readonly<Record<string, Run>> => ({
  flight: takes(clock, 120, { seat: '12A' }),
  hotel: takes(clock, 80, { room: 7 }),
  pay: (ctx, input) => fails(clock, 300, ctx.attempt === 3 ? 'Declined' : 'Busy')(ctx, input),
  cancel_flight: takes(clock, 60, 'cancelled'),
  cancel_hotel: takes(clock, 40, null),
  tell: takes(clock, 5, null),
});

/** Lets the pauses between attempts pass until the execution has ended. */
const toTheEnd = async (
  { clock, end, id, happened }: Stage,
  ...waits: readonly (readonly [string, string])[]
) => {
  for (const [type, step] of waits) {
    await happened(type, step);
    clock.advance((clock.due[0] ?? clock.now()) - clock.now());
  }
  await end(id);
};

/** Everything that histories are kept of. */
export const SCENARIOS: readonly Scenario[] = [
  ...TOURS,
  ...GATES,
  ...NOTIFIED,
  ...LEAFS,
  ...OPERATED,
  ...VERSIONS,
  ...LIMITS,
  ...WORKERS,
  ...OUTPUTS,
  ...SEARCHED,
  {
    name: 'started-by-an-event',
    yaml: `
workflow: placed
trigger: { event: "order:placed", conditions: { amount: "\${event.amount > 10.0}" } }
variables: { order: "\${event.id}" }
activities:
  - name: ship
    input: { order: "\${workflow.order}" }
`,
    event: { id: 'O-1', amount: 12.5 },
    activities: (clock) => ({ ship: takes(clock, 900, null) }),
    play: ({ end, id }) => end(id),
  },
  {
    name: 'started-by-an-event-that-says-so',
    yaml: `
workflow: paid
trigger: { event: "order:paid" }
variables: { order: "\${event.id}" }
activities:
  - name: thank
    input: { order: "\${workflow.order}" }
`,
    event: { id: 'O-2' },
    activities: (clock) => ({ thank: takes(clock, 300, null) }),
    play: ({ end, id }) => end(id),
  },
  {
    name: 'started-by-an-event-with-a-key',
    yaml: `
workflow: shipped
trigger: { event: "order:shipped", idempotency_key: "\${event.id}" }
activities:
  - name: tell
    input: { order: "\${event.id}" }
`,
    event: { id: 'O-3', parcel: 1 },
    activities: (clock) => ({ tell: takes(clock, 20, null) }),
    play: ({ end, id }) => end(id),
  },
  {
    name: 'completed',
    yaml: `
workflow: order
variables: { customer: "\${input.customer}" }
activities:
  - name: reserve
    input: { sku: "\${input.sku}" }
    output: { reservation: "\${output.id}" }
  - name: gift
    when: "\${input.gift}"
    activity: reserve
  - name: note
    set: { variables: { text: "\${workflow.customer + ' ' + workflow.reservation}" } }
  - name: ship
`,
    input: { customer: 'Ann', sku: 'A-1', gift: false },
    activities: (clock) => ({ reserve: takes(clock, 50, { id: 'R-7' }), ship: takes(clock, 900, null) }),
    play: ({ end, id }) => end(id),
  },
  {
    name: 'retried',
    yaml: `
workflow: retried
activities:
  - name: charge
    input: { amount: "\${input}" }
    retry: ${RETRY}
`,
    input: 12.5,
    activities: (clock) => ({
      charge: (ctx, input) =>
        (ctx.attempt < 3 ? fails(clock, 30, 'Busy') : takes(clock, 20, { paid: true }))(ctx, input),
    }),
    play: (stage) =>
      toTheEnd(stage, ['step.retry_scheduled', 'charge 1'], ['step.retry_scheduled', 'charge 2']),
  },
  {
    name: 'skipped-by-fallback',
    yaml: `
workflow: lenient
activities:
  - name: enrich
    fallback: { activity: skip }
  - name: score
    input: { id: 7 }
    fallback: { activity: guess }
`,
    activities: (clock) => ({
      enrich: fails(clock, 10, 'NotFound'),
      score: fails(clock, 10, 'Busy'),
      guess: takes(clock, 5, 0.5),
    }),
    play: ({ end, id }) => end(id),
  },
  {
    name: 'failed',
    yaml: 'workflow: failing\nactivities:\n  - name: one\n  - name: two\n',
    activities: (clock) => ({ one: takes(clock, 10, 1), two: fails(clock, 20, 'Broken') }),
    play: ({ end, id }) => end(id),
  },
  {
    name: 'compensated',
    yaml: TRIP,
    input: { trip: 'T-1' },
    activities: trip,
    play: (stage) => toTheEnd(stage, ['step.retry_scheduled', 'pay 1'], ['step.retry_scheduled', 'pay 2']),
  },
  {
    name: 'not-wholly-compensated',
    yaml: TRIP,
    input: { trip: 'T-2' },
    activities: (clock) => ({ ...trip(clock), cancel_hotel: fails(clock, 40, 'Closed') }),
    play: (stage) =>
      toTheEnd(
        stage,
        ['step.retry_scheduled', 'pay 1'],
        ['step.retry_scheduled', 'pay 2'],
        ['step.retry_scheduled', 'hotel 1'],
        ['step.retry_scheduled', 'hotel 2'],
      ),
  },
  {
    name: 'cancelled',
    yaml: 'workflow: cancelled\nactivities:\n  - name: work\n',
    activities: () => ({ work: never }),
    play: async ({ engine, id, clock }) => {
      clock.advance(4_000);
      await engine.executions.handle(id, { type: 'cancel', reason: 'ordered twice' }, CALLER);
    },
  },
  {
    name: 'waiting-for-a-timer',
    yaml: 'workflow: reminder\nactivities:\n  - name: rest\n    wait: { for: 3d }\n  - name: remind\n',
    activities: (clock) => ({ remind: takes(clock, 10, null) }),
    play: ({ happened }) => happened('timer.scheduled'),
  },
  {
    name: 'waiting-for-a-signal',
    yaml: `
workflow: approval
activities:
  - name: ask
    wait: { signal: asked }
  - name: decide
    wait: { signal: decided, timeout: 2d }
    output: { by: "\${output.by}" }
`,
    activities: () => ({}),
    play: async ({ engine, id, clock }) => {
      const signal = (name: string, payload: Json) =>
        engine.executions.handle(id, { type: 'signal', signal: name, payload }, CALLER);
      await signal('other', 'kept');
      clock.advance(60_000);
      await signal('asked', null);
    },
  },
  {
    name: 'waiting-without-end',
    yaml: 'workflow: patient\nactivities:\n  - name: ask\n    wait: { signal: asked }\n',
    activities: () => ({}),
    play: ({ happened }) => happened('signal.awaited'),
  },
  {
    name: 'queued',
    yaml: 'workflow: unserved\nactivities:\n  - name: work\n    activity: of_another_server\n',
    activities: () => ({}),
    play: ({ happened }) => happened('step.queued'),
  },
  {
    name: 'interrupted',
    yaml: `workflow: interrupted\nactivities:\n  - name: one\n  - name: two\n    retry: ${RETRY}\n`,
    activities: (clock) => ({ one: takes(clock, 10, { n: 1 }), two: never }),
    play: ({ happened }) => happened('step.started', 'two 1'),
  },
  {
    name: 'interrupted-while-compensating',
    yaml: TRIP,
    input: { trip: 'T-3' },
    activities: (clock) => ({ ...trip(clock), pay: fails(clock, 300, 'Declined'), cancel_flight: never }),
    play: async (stage) => {
      for (const attempt of ['pay 1', 'pay 2']) {
        await stage.happened('step.retry_scheduled', attempt);
        stage.clock.advance((stage.clock.due[0] ?? 0) - stage.clock.now());
      }
      await stage.happened('step.compensating', 'flight 1');
    },
  },
  {
    name: 'taken-up-again',
    yaml: `workflow: taken_up\nactivities:\n  - name: work\n    retry: ${RETRY}\n`,
    activities: () => ({ work: never }),
    play: async ({ log, id, clock, happened }) => {
      await happened('step.started', 'work 1');
      const run = takes(clock, 15, 'done');
      const activities = { work: { idempotent: true, run } };
      const next = openEngine({ log, clock, ids: countingIds(0.25, 9), activities });
      clock.advance(8_000);
      await next.engine.resume(id);
      await happened('step.retry_scheduled', 'work 1');
      clock.advance(0);
      await next.end(id);
    },
  },
];

/** Starts an execution by an event, as whoever emits one does. */
const startByEvent = async (
  { definitions, engine }: EngineUnderTest,
  { yaml, event = null }: Scenario,
  emissions: Emissions,
): Promise<string> => {
  const { workflow } = await definitions.register(sourceOf(yaml), CALLER);
  const definition = await definitions.startable(workflow);
  const trigger = definition.trigger?.event ?? '';
  const [start] = startsOf([definition], event);
  if (start === undefined) throw new Error(`Expected ${workflow} to be started by its event, but it is not.`);
  const { eventId } = await emissions.record(new EmitEvent(trigger, event, 'a-key', CALLER), [start]);
  const id = startedIdOf(start, eventId);
  await engine.executions.start(id, definition, { type: 'start', id, trigger, input: null, event }, CALLER);
  return id;
};

/** Plays a scenario on a log; answers the id of its execution. */
export const playScenario = async (scenario: Scenario, log: EventLog, clock: HandClock): Promise<string> => {
  const ids = countingIds(0.25);
  const notifier = handNotifier();
  const under = openEngine({ log, clock, ids, notifier, activities: scenario.activities(clock) });
  const world = { clock, ids };
  const envelopes = createEnvelopes('a-node', ids);
  const emissions = createEmissions({
    log,
    world,
    envelopes,
    maxPayload: 524_288,
    over: new AbortController().signal,
  });
  const id =
    scenario.event === undefined
      ? (await under.start(scenario.yaml, scenario.input)).id
      : await startByEvent(under, scenario, emissions);
  const happened: Stage['happened'] = async (type, step) => {
    await seen(log, id, ({ type: found, facts }) => {
      const { step: name = '', attempt = 1 } = facts as { readonly step?: string; readonly attempt?: number };
      return found === type && (step === undefined || step === `${name} ${attempt}`);
    });
  };
  await scenario.play({ ...under, log, notifier, id, happened });
  const drained = under.engine.drain(0);
  clock.advance(0);
  await drained;
  return id;
};
