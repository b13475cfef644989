import { EmitEvent } from '../../src/commands/commands.ts';
import { emit } from '../../src/commands/emit.ts';
import { CALLER, sourceOf } from '../spec/engine.ts';
import { never, takes } from './runs.ts';
import type { Scenario, Stage } from './scenarios.ts';
import { AUDITED } from './audit-scenarios.ts';
import { KEYS } from './key-scenarios.ts';
import { RETAINED } from './retention-scenarios.ts';
import { SCHEDULED } from './schedule-scenarios.ts';

const YAML = 'workflow: rested\nactivities:\n  - name: rest\n    wait: { for: 3d }\n';

/** Decides about a workflow all that can be decided, by and by, while an execution of it waits. */
const decideAll = async ({ definitions, clock }: Stage): Promise<void> => {
  definitions.complete();
  await definitions.register(sourceOf(YAML.replace('3d', '4d')), CALLER);
  const commands = [
    { type: 'set_default', number: 1 },
    { type: 'retire', number: 2 },
    { type: 'unretire', number: 2 },
    { type: 'retire', number: undefined },
    { type: 'set_default', number: undefined },
    { type: 'unretire', number: undefined },
  ] as const;
  for (const command of commands) {
    clock.advance(1_000);
    await definitions.change('rested', { ...command, reason: 'It had to be.' }, CALLER);
  }
};

const SHORT =
  'workflow: mended\nvariables: { kilo: 3 }\nactivities:\n  - { name: weigh, output: { kilo: "${output.kilo}" } }\n  - { name: send, activity: post, input: "${workflow.gram}" }\n';
const MENDED =
  'workflow: mended\nvariables: { kilo: 3 }\nactivities:\n  - { name: weigh, output: { gram: "${output.kilo * 1000}" } }\n  - { name: pack, activity: wrap }\n  - { name: send, activity: post, input: "${workflow.gram}" }\n  - name: thank\n    activity: post\n';

/** Has an execution go on with another version amid a call, which fails in that, and with a third. */
const migrateTwice = async (stage: Stage): Promise<void> => {
  const { definitions, engine, id, clock } = stage;
  definitions.complete();
  const migrate = async (yaml: string, number: number): Promise<void> => {
    const { workflow, definition } = await definitions.register(sourceOf(yaml), CALLER);
    const to = await definitions.get(workflow, definition);
    clock.advance(1_000);
    await engine.executions.handle(id, { type: 'migrate', to, number, reason: 'It was wrong.' }, CALLER);
  };
  await stage.happened('step.started', 'weigh 1');
  await migrate(MENDED.replace('activity: wrap', 'activity: fold'), 2);
  const done = { type: 'complete_attempt', step: 'weigh', attempt: 1, compensation: false } as const;
  await engine.executions.handle(id, { ...done, output: { kilo: 2 } });
  await stage.happened('step.queued', 'pack 1');
  await migrate(MENDED, 3);
  await stage.happened('step.completed', 'thank 1');
};

const ONE =
  'workflow: one\ntrigger: { event: "tap:turned", singleton: { key: "${event.tap}" } }\nactivities:\n  - { name: run, wait: { signal: full } }\n';

/** Emits events of which some start nothing, since one runs of their key. */
const turnTaps = async ({ definitions, emissions, engine, clock }: Stage): Promise<void> => {
  definitions.complete();
  const { executions } = engine;
  const turn = async (tap: string): Promise<string | undefined> => {
    clock.advance(1_000);
    const event = new EmitEvent('tap:turned', { tap }, `${tap} at ${clock.now()}`, CALLER);
    return (await emit({ definitions, emissions, executions }, event)).executions[0]?.executionId;
  };
  const first = await turn('hot');
  await turn('cold');
  await turn('hot');
  await executions.handle(first ?? '', { type: 'signal', signal: 'full', payload: null }, CALLER);
  await turn('hot');
};

const MANY =
  'workflow: many\ntrigger: { event: "drop:fell", batch: { size: 3, timeout: 10s } }\nvariables: { litres: "${events.map(e, e.litres)}" }\nactivities:\n  - { name: run, wait: { signal: full } }\n';

/** Emits events that start executions together: three, the one that comes when they are there, and one that waits. */
const gatherDrops = async ({ definitions, emissions, engine, clock }: Stage): Promise<void> => {
  definitions.complete();
  const { executions } = engine;
  const drop = async (litres: number): Promise<void> => {
    clock.advance(1_000);
    const event = new EmitEvent('drop:fell', { litres }, `${litres} at ${clock.now()}`, CALLER);
    await emit({ definitions, emissions, executions }, event);
  };
  for (const litres of [1, 2, 3, 4]) await drop(litres);
  clock.advance(10_000);
  await drop(5);
};

/** What can happen to the workflow of an execution, and to its schedule. */
export const VERSIONS: readonly Scenario[] = [
  { name: 'of-a-workflow-that-changes', yaml: YAML, activities: () => ({}), play: decideAll },
  {
    name: 'migrated',
    yaml: SHORT,
    activities: (clock) => ({ weigh: never, wrap: takes(clock, 20, null), post: takes(clock, 5, null) }),
    play: migrateTwice,
  },
  { name: 'one-at-a-time', yaml: ONE, activities: () => ({}), play: turnTaps },
  { name: 'gathered', yaml: MANY, activities: () => ({}), play: gatherDrops },
  ...SCHEDULED,
  ...RETAINED,
  ...KEYS,
  ...AUDITED,
];
