import type { RecordedEvent } from '../../src/domain/event.ts';
import { nameOf } from '../../src/domain/execution/path.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { entityOf } from '../../src/domain/stream.ts';
import { MOST_ACTIVITIES, MOST_WORKFLOWS } from './concurrency.ts';
import { allSteps } from './definitions.ts';
import type { History } from './histories.ts';
import { BULKHEADS, RATES } from './step-kinds.ts';
import type { World } from './world.ts';

const ENDS_ALL = /^(execution\.(completed|failed|cancelled)|saga\.compensat(ing|ed))$/;
const ENDS_RUN = /^(execution\.(completed|failed|cancelled)|saga\.compensated)$/;
const ENDS_ONE = /^step\.(completed|failed|skipped|cancelled|retry_scheduled)$/;

/** What limits a call, as the author of its definition wrote it: names with how many there may be at once. */
const limitsOf = (
  { written }: History,
  { facts }: RecordedEvent,
  lane: unknown,
): readonly (readonly [string, number])[] => {
  const steps = allSteps(written.activities as unknown as readonly JsonObject[]);
  const step = steps.find(({ name }) => name === nameOf(facts['step'] as string));
  const activity = facts['activity'] as keyof typeof BULKHEADS;
  const limits: (readonly [string, number])[] = [];
  if (facts['fallback'] === true || step?.['activity'] !== activity) return limits;
  if (step['bulkhead'] !== undefined) limits.push([`bulkhead of ${activity}`, BULKHEADS[activity]]);
  const { concurrency } = written;
  if (concurrency === undefined) return limits;
  const { limit, total } = MOST_ACTIVITIES;
  limits.push([`activities of ${written.workflow} for ${lane as string}`, limit]);
  if (concurrency.total !== undefined) limits.push([`activities of ${written.workflow}`, total]);
  return limits;
};

/** Never are more calls made at once than may be, as the log tells of their beginnings and ends. */
const checkAtOnce = ({ log, broken }: World, histories: readonly History[]): void => {
  const byId = new Map(histories.map((history) => [history.id, history]));
  const made = new Map<string, Map<string, string>>();
  const lanes = new Map<string, unknown>();
  const end = (isOver: (call: string) => boolean): void => {
    for (const calls of made.values()) for (const call of calls.keys()) if (isOver(call)) calls.delete(call);
  };
  for (const event of log.events) {
    const { type, facts, stream } = event;
    const history = byId.get(entityOf(stream));
    if (history === undefined) continue;
    const { id } = history;
    const call = `${id} ${facts['step'] as string}`;
    if (ENDS_ALL.test(type)) end((other) => other.startsWith(`${id} `));
    if (ENDS_ONE.test(type)) end((other) => other === call);
    if (type === 'step.requested') lanes.set(call, facts['lane']);
    if (type !== 'step.started') continue;
    for (const [name, most] of limitsOf(history, event, lanes.get(call))) {
      const calls = made.get(name) ?? new Map<string, string>();
      made.set(name, calls.set(call, id));
      if (calls.size > most)
        broken('no more is called at once than may be', { name, most, calls: [...calls.keys()] });
    }
  }
};

/** Whoever asks first is as urgent as its author says: nothing has changed the variables by then. */
const checkUrgency = (
  broken: World['broken'],
  history: History | undefined,
  { request, priority }: RecordedEvent['facts'],
): void => {
  const written = history?.written.priority === undefined ? undefined : history.variables['level'];
  if (history !== undefined && request === 1 && priority !== written)
    broken('a run is as urgent as its author says', { id: history.id, priority, written });
};

/** Never do more executions go on at once than may, and each that waits goes on or has ended. */
const checkRuns = ({ log, broken }: World, histories: readonly History[]): void => {
  const byId = new Map(histories.map((history) => [history.id, history]));
  const going = new Map<string, { readonly workflow: string; readonly lane: unknown }>();
  const asking = new Map<string, unknown>();
  for (const { type, facts, stream } of log.events) {
    const id = entityOf(stream);
    if (ENDS_RUN.test(type)) {
      going.delete(id);
      asking.delete(id);
    } else if (type === 'execution.requested') {
      asking.set(id, facts['lane']);
      checkUrgency(broken, byId.get(id), facts);
    }
    if (type !== 'execution.admitted') continue;
    if (!asking.has(id)) broken('only who asks is let in', { id });
    const [workflow, lane] = [facts['workflow'] as string, asking.get(id)];
    asking.delete(id);
    going.set(id, { workflow, lane });
    const ofWorkflow = [...going.values()].filter((other) => other.workflow === workflow);
    const ofLane = ofWorkflow.filter((other) => other.lane === lane);
    const total = byId.get(id)?.written.concurrency?.total === undefined ? Infinity : MOST_WORKFLOWS.total;
    if (ofLane.length > MOST_WORKFLOWS.limit || ofWorkflow.length > total)
      broken('no more executions go on at once than may', { workflow, lane, going: [...going] });
  }
  if (asking.size > 0) broken('each execution that waits goes on or ends', { asking: [...asking.keys()] });
};

/** Whoever has a place gives it back, and nobody has two. */
const checkPlaces = ({ log, broken }: World): void => {
  const places = new Map<string, Set<string>>();
  for (const { type, stream, revision, facts } of log.events) {
    const place = JSON.stringify([facts['executionId'], facts['step'], facts['attempt']]);
    const taken = places.get(stream) ?? new Set();
    if (type === 'limiter.requested') {
      if (taken.has(place)) broken('nobody has two places', { stream, revision, facts });
      places.set(stream, taken.add(place));
    } else if (type === 'limiter.released' && !taken.delete(place))
      broken('only places that are taken are given back', { stream, revision, facts });
  }
};

/** Each token is one that had come back, and whoever is called that a limit is for has taken one. */
const checkTokens = ({ log, broken }: World, histories: readonly History[]): void => {
  const taken = log.events.filter(({ type }) => type === 'rate.reserved');
  const { limit, per } = RATES.crawl;
  for (const [index, { facts, revision }] of taken.entries()) {
    const before = taken[index - limit]?.facts;
    const isThere = Number(facts['startsAt']) >= Number(before?.['startsAt'] ?? -Infinity) + per / limit;
    if (!isThere) broken('no token is taken before it is there', { revision, facts });
  }
  const owners = new Set(
    taken.map(({ facts }) => JSON.stringify([facts['executionId'], facts['step'], facts['attempt']])),
  );
  for (const { id, events, written } of histories) {
    const steps = allSteps(written.activities as unknown as readonly JsonObject[]);
    for (const { type, facts } of events) {
      if (type !== 'step.started' || facts['fallback'] === true) continue;
      const step = steps.find(({ name }) => name === nameOf(facts['step'] as string));
      if (step?.['activity'] !== facts['activity'] || step?.['rate_limit'] === undefined) continue;
      if (!owners.has(JSON.stringify([id, facts['step'], facts['attempt']])))
        broken('who is called has taken a token', { id, facts });
    }
  }
};

/** Holds what lets only so many in to that. */
export const checkLimiters = (world: World, histories: readonly History[]): void => {
  checkAtOnce(world, histories);
  checkRuns(world, histories);
  checkPlaces(world);
  checkTokens(world, histories);
};
