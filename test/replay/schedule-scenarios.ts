import { createEnvelopes } from '../../src/commands/envelope.ts';
import { createSchedules } from '../../src/commands/schedules.ts';
import type { Overlap } from '../../src/domain/definition/schedule.ts';
import { decideSchedule, nextTurn } from '../../src/domain/schedule/decide.ts';
import { CALLER } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import type { Scenario, Stage } from './scenarios.ts';

const YAML =
  'workflow: tidy\ntrigger: { schedule: { cron: "* * * * *" } }\nactivities:\n  - name: rest\n    wait: { signal: go }\n';
const MINUTE = 60_000;

/** Lets happen to a schedule all that can, minute by minute. */
const playTimes = async ({ log, clock, definitions, engine }: Stage): Promise<void> => {
  const ids = countingIds(0.25, 9);
  const envelopes = createEnvelopes('a-node', ids);
  const over = engine.over;
  const schedules = createSchedules({ log, world: { clock, ids }, envelopes, maxPayload: 524_288, over });
  const scheduled = definitions.scheduled('tidy');
  if (scheduled === undefined) throw new Error('Expected a schedule, but there is none.');

  const turn = async (overlap: Overlap, isRunning: boolean): Promise<void> => {
    const known = await schedules.load('tidy');
    const schedule = { ...scheduled.schedule, overlap };
    const next = nextTurn(known.state, { ...scheduled, schedule }, { now: clock.now(), isRunning });
    if (next.event === undefined) throw new Error('Expected something to happen, but nothing does.');
    await schedules.append(known, next.event, CALLER, scheduled.definition);
  };
  const decide = (type: 'pause' | 'resume') =>
    schedules.change(
      'tidy',
      (state) => decideSchedule(state, 'tidy', { type, reason: 'It had to be.' }, clock.now()),
      CALLER,
    );

  clock.advance(MINUTE);
  await turn('skip', false);
  clock.advance(MINUTE);
  await turn('skip', true);
  clock.advance(MINUTE);
  await turn('queue', true);
  await turn('queue', false);
  clock.advance(9 * MINUTE);
  await turn('queue', true);
  await decide('pause');
  clock.advance(MINUTE);
  await decide('resume');
};

/** What can happen to a schedule of the workflow of an execution. */
export const SCHEDULED: readonly Scenario[] = [
  { name: 'of-a-workflow-with-a-schedule', yaml: YAML, activities: () => ({}), play: playTimes },
];
