import type { RecordedEvent } from '../../src/domain/event.ts';
import { isEnd } from '../../src/domain/execution/lifecycle.ts';
import { categoryOf, entityOf, streamOf } from '../../src/domain/stream.ts';
import { startedAfter } from './check-versions.ts';
import type { SimulatedLog } from './simulated-log.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;

/** How late a time may be and still be on time. */
const GRACE = MINUTE;

/** Why clients pause schedules when all is to come to an end. */
export const SETTLING = 'All is to come to an end.';

interface WrittenSchedule {
  readonly cron: string;
  readonly overlap: string;
  readonly catch_up: string;
}

/** Workflows of which a version has a schedule. */
export const scheduledIn = (log: SimulatedLog): readonly string[] => {
  const isScheduled = ({ type, payload }: RecordedEvent): boolean =>
    type === 'workflow.registered' && payload?.includes('"schedule"') === true;
  return [...new Set(log.events.filter(isScheduled).map(({ stream }) => entityOf(stream)))];
};

/** The schedules that authors wrote, by the hashes of their definitions. */
const schedulesIn = (log: SimulatedLog): ReadonlyMap<unknown, WrittenSchedule | undefined> =>
  new Map(
    log.events.flatMap(({ type, facts, payload = '{}' }) => {
      if (type !== 'workflow.registered') return [];
      const { source } = JSON.parse(payload) as { source: string };
      const { execution } = JSON.parse(source) as {
        execution: { trigger?: { schedule?: WrittenSchedule } };
      };
      return [[facts['definition'], execution.trigger?.schedule]];
    }),
  );

/** Times of an expression of a run, which is always each so many minutes of an hour: strictly after one, and up to one. */
const dueIn = ({ cron }: WrittenSchedule, after: number, until: number): readonly number[] => {
  const each = Number(/^\*\/(\d+) /.exec(cron)?.[1] ?? 1);
  const due: number[] = [];
  for (let at = (Math.floor(after / MINUTE) + 1) * MINUTE; at <= until; at += MINUTE)
    if (new Date(at).getUTCMinutes() % each === 0) due.push(at);
  return due;
};

/** The workflow's latest change before an event: no time of before has to be one of the schedule. */
const changedBefore = (log: SimulatedLog, { position }: RecordedEvent, workflow: string): number =>
  log
    .stream(streamOf('workflow', workflow))
    .filter((event) => event.position < position)
    .reduce((latest, { commit }) => Math.max(latest, commit.metadata.at), 0);

/** What is told of a schedule: each time once, none left out, none too early, none while it is paused. */
const checkStory = ({ log, broken, settings }: World, stream: string): void => {
  const schedules = schedulesIn(log);
  const workflow = entityOf(stream);
  const waiting: number[] = [];
  let until = 0;
  let paused = false;
  let last: RecordedEvent | undefined;
  for (const event of log.stream(stream)) {
    const { type, facts, commit, position, revision, payload = '{}' } = event;
    const { at } = commit.metadata;
    const dueAt = Number(facts['dueAt'] ?? 0);
    const written = schedules.get(commit.metadata.definition);
    const tell = (invariant: string): void => broken(invariant, { stream, revision, type, facts, at, until });
    if (paused && type !== 'schedule.resumed') tell('nothing is started by a schedule while it is paused');
    if (Number(facts['until']) < until) tell('no time of a schedule comes twice');

    const isOld = waiting[0] === dueAt && type !== 'schedule.queued';
    if (isOld) waiting.shift();
    // One that waits was due by the clock of whoever queued it; who starts it may have a clock that is behind.
    else if (dueAt > at) tell('no time of a schedule comes too early');
    if (type === 'schedule.queued') waiting.push(dueAt);
    if (facts['waiting'] !== waiting.length) tell('what waits is known');
    if (dueAt > 0 && !isOld) {
      const from = Math.max(until, changedBefore(log, event, workflow));
      const due = written === undefined ? [] : dueIn(written, from, dueAt);
      const isDue = written !== undefined && dueIn(written, dueAt - 1, dueAt).length > 0;
      if (!isDue || due.length > 1 || dueAt <= until) tell('no time of a schedule is left out');
    }
    if (type === 'schedule.missed') {
      const end = Number(facts['until']);
      const isSaid =
        written?.catch_up === 'none'
          ? end < at - GRACE
          : written !== undefined && dueIn(written, end, at).length > 0;
      if (!isSaid || written === undefined || dueIn(written, until, end).length === 0)
        tell('no time of a schedule is missed that is to be made up for');
    }
    if (type === 'schedule.fired') {
      const before =
        last === undefined ? [] : log.stream(streamOf('execution', last.facts['execution'] as string));
      const end = before.find((known) => isEnd(known.type))?.position;
      if (last !== undefined && written?.overlap !== 'allow' && (end === undefined || end > position))
        tell('a run is started when the one before has ended');
      last = event;
    }
    if (type === 'schedule.paused' && (JSON.parse(payload) as { reason: string }).reason === SETTLING) {
      const hash = startedAfter(
        log.stream(streamOf('workflow', workflow)).filter((known) => known.position < position),
        undefined,
      );
      const now = schedules.get(hash);
      const slack = GRACE + 2 * (settings.sharing?.ahead ?? 0);
      const from = Math.max(until, changedBefore(log, event, workflow));
      if (now !== undefined && dueIn(now, from, at - slack).length > 0)
        tell('every time of a schedule is dealt with');
    }
    paused = type === 'schedule.paused';
    until = Number(facts['until']);
  }
};

/** What a schedule decided is started, once; and nothing else is started in its name. */
const checkRuns = ({ log, broken }: World): void => {
  const decided = new Map<string, RecordedEvent>();
  for (const event of log.events) {
    if (event.type !== 'schedule.fired') continue;
    const id = event.facts['execution'] as string;
    if (decided.has(id)) broken('each time of a schedule is one run', { id });
    decided.set(id, event);
    const [first] = log.stream(streamOf('execution', id));
    const { event: told } = JSON.parse(first?.payload ?? '{}') as { event?: { due_at: string } };
    const isRight =
      first?.facts['trigger'] === 'schedule' &&
      first.facts['definition'] === event.facts['definition'] &&
      first.position > event.position &&
      Date.parse(told?.due_at ?? '') === event.facts['dueAt'];
    if (!isRight)
      broken('what a schedule decided is started', { id, fired: event.facts, first: first?.facts });
  }
  for (const { type, facts, stream } of log.events)
    if (type === 'execution.started' && facts['trigger'] === 'schedule' && !decided.has(entityOf(stream)))
      broken('nothing is started by a schedule that it did not decide', { stream });
};

/** Schedules do what their authors wrote, whatever became of the nodes. */
export const checkSchedules = (world: World): void => {
  const streams = new Set(world.log.events.map(({ stream }) => stream));
  for (const stream of streams) if (categoryOf(stream) === 'schedule') checkStory(world, stream);
  checkRuns(world);
};
