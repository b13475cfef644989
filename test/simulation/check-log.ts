import { partitionOf } from '../../src/domain/partition/partition-of.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { checkLimits, isLimit } from './check-limits.ts';
import { stateOf } from './execution-of.ts';
import { endsVisit, maxAttempts, timeOf, type History } from './histories.ts';
import type { World } from './world.ts';

/** Tells of what is wrong with an execution. */
type Tell = (invariant: string, event: RecordedEvent) => void;

const isOf =
  (step: unknown, ...types: readonly string[]) =>
  ({ type, facts }: RecordedEvent): boolean =>
    facts['step'] === step && types.includes(type);

/** What was done by hand while nothing was called stands for an attempt. */
const isByHandAlone = (
  { type, facts }: RecordedEvent,
  begins: string,
  ofStep: readonly RecordedEvent[],
): boolean =>
  facts['by'] === 'operator' &&
  type.startsWith('step.compens') === (begins === 'step.compensating') &&
  !ofStep.some((other) => other.type === begins && other.facts['attempt'] === facts['attempt']);

/** Each attempt but the first of a visit stands behind a record of why, and is not made before its time. */
const checkRetries = ({ events, written }: History, tell: Tell): void => {
  for (const [index, event] of events.entries()) {
    const { facts, type } = event;
    if (type !== 'step.started' && type !== 'step.compensating') continue;
    const ofStep = events.slice(0, index).filter(({ facts: { step } }) => step === facts['step']);
    const begun = ofStep.filter(
      (before) => before.type === type || isByHandAlone(before, type, ofStep),
    ).length;
    if (facts['attempt'] !== begun + 1) tell('attempts are numbered without a gap', event);
    const before = ofStep.slice(ofStep.findLastIndex(endsVisit) + 1);
    const last = before
      .filter(isOf(facts['step'], type, 'step.retry_scheduled', 'step.failed', 'step.compensated'))
      .at(-1);
    if (last === undefined) continue;
    const isExplained =
      last.facts['attempt'] === Number(facts['attempt']) - 1 &&
      (last.type === 'step.retry_scheduled' || last.facts['handled'] === 'activity');
    if (!isExplained) tell('each retry is recorded', event);
    // One whose time had come by the clock of the node that queued it may be made by another one, whose clock is behind.
    const put = ofStep.findLastIndex(isOf(facts['step'], 'step.retry_scheduled', 'step.rejected'));
    const at = ofStep.slice(put + 1).find(isOf(facts['step'], 'step.queued', 'step.requested')) ?? event;
    const refused = before.findLast(isOf(facts['step'], 'step.rejected'))?.facts['dueAt'];
    if (Math.max(Number(last.facts['dueAt'] ?? 0), Number(refused ?? 0)) > timeOf(at))
      tell('no retry is made before its time', event);
    if (type === 'step.compensating') continue;
    const tries = before.filter(
      ({ type, facts: { activity } }) =>
        (type === 'step.started' || type === 'step.rejected') && activity === facts['activity'],
    ).length;
    const uncounted = before.filter(({ facts: { uncounted } }) => uncounted === true).length;
    if (tries - uncounted >= maxAttempts(written, facts['step'] as string))
      tell('no step is tried more often than it may be', event);
  }
};

/** A timer that fires was scheduled for a time that has come. */
const checkTimers = ({ events }: History, tell: Tell): void => {
  for (const [index, event] of events.entries()) {
    if (event.type !== 'timer.fired' || isLimit(event)) continue;
    const { step, dueAt } = event.facts;
    const isScheduled = events
      .slice(0, index)
      .some((before) => isOf(step, 'timer.scheduled')(before) && before.facts['dueAt'] === dueAt);
    if (!isScheduled || Number(dueAt) > timeOf(event)) tell('no timer fires before its time', event);
  }
};

const processOf = ({ commit: { metadata } }: RecordedEvent): string => metadata.boot ?? metadata.node;

/** Only a call that ended with its node was interrupted, or one whose partition has changed hands. */
const checkInterruptions = ({ id, events }: History, tell: Tell, { log, settings }: World): void => {
  const { partitions = 1 } = settings.sharing ?? {};
  const claims = log.stream(streamOf('partition', String(partitionOf(id, partitions))));
  for (const [index, event] of events.entries()) {
    if (event.facts['errorType'] !== 'Interrupted' || event.facts['attempt'] === undefined) continue;
    const { step } = event.facts;
    const begun = events.slice(0, index).findLast(isOf(step, 'step.started', 'step.compensating'));
    // Nobody was given it: its worker had gone.
    if (begun?.facts['worker'] !== undefined && event.facts['uncounted'] === true) continue;
    if (begun?.facts['worker'] !== undefined) tell('no end of a node interrupts a worker', event);
    if (begun === undefined || processOf(begun) !== processOf(event)) continue;
    const isLost = claims.some(
      ({ type, position }) =>
        type === 'partition.claimed' && position > begun.position && position < event.position,
    );
    if (!isLost) tell('a call is interrupted only by the end of its node', event);
  }
};

/** A guard skips a step when it is false, and then only. */
const checkGuards = ({ events, written, variables }: History, tell: Tell): void => {
  for (const { name, when } of written.activities) {
    const least = /workflow\.level >= (\d)/.exec(when ?? '')?.[1];
    const holds = least === undefined || Number(variables['level']) >= Number(least);
    for (const event of events.filter(isOf(name, 'step.started', 'step.skipped', 'variables.set'))) {
      const isSkipped = event.type === 'step.skipped' && event.facts['reason'] === 'guard';
      if (isSkipped === holds) tell('a guard skips what it says', event);
    }
  }
};

/** What an activity promises of its output is kept before it counts as an output. */
const checkOutputs = ({ events }: History, tell: Tell, { outside }: World): void => {
  for (const event of events) {
    if (event.type !== 'step.completed' || event.facts['by'] === 'operator') continue;
    if (!outside.promising.has(event.facts['activity'] as string)) continue;
    const { output } = JSON.parse(event.payload ?? '{}') as { output?: Readonly<Record<string, unknown>> };
    if (output?.['n'] === undefined) tell('a step completes with what its activity promises', event);
  }
};

const END = /^(execution\.(completed|failed|cancelled)|saga\.compensated)$/;

/** Nothing happens behind the end, but for what an operator does to one that failed. */
const checkEnd = ({ events }: History, tell: Tell): void => {
  let end: string | undefined;
  for (const event of events) {
    const { type, facts } = event;
    const isMended =
      type === 'execution.retried' ||
      type === 'execution.migrated' ||
      (type === 'variables.set' && facts['step'] === '');
    if (end !== undefined && !(end === 'execution.failed' && isMended)) tell('an execution ends once', event);
    if (type === 'execution.retried') end = undefined;
    else if (END.test(type)) end = type;
  }
};

const BEGINS =
  /^(step\.(started|queued|compensating|jumped)|timer\.|signal\.awaited|saga\.|execution\.(completed|failed))/;

/** While an execution is paused, nothing begins and it does not end by itself. */
const checkPauses = ({ events }: History, tell: Tell): void => {
  let isPaused = false;
  for (const event of events) {
    if (event.type === 'execution.paused') isPaused = true;
    else if (event.type === 'execution.resumed') isPaused = false;
    else if (isPaused && BEGINS.test(event.type)) tell('nothing begins during a pause', event);
  }
};

const CHECKS = [
  checkRetries,
  checkTimers,
  checkLimits,
  checkInterruptions,
  checkGuards,
  checkOutputs,
  checkEnd,
  checkPauses,
];

/** Holds every stream to its chain, and every execution to what its definition lets happen. */
export const checkLog = (world: World, histories: readonly History[]): void => {
  const { log, broken } = world;
  for (const stream of new Set(log.events.map(({ stream }) => stream))) {
    const verdict = verifyChain(stream, log.stream(stream));
    if (!verdict.ok) broken('every hash chain verifies', { stream, ...verdict });
  }
  for (const history of histories) {
    try {
      stateOf(log.stream(streamOf('execution', history.id)));
    } catch (error) {
      broken('nothing happens that cannot', { id: history.id, error: String(error) });
    }
    const tell: Tell = (invariant, { stream, revision, type, facts }) =>
      broken(invariant, { stream, revision, type, facts });
    for (const check of CHECKS) check(history, tell, world);
  }
};
