import type { Decided } from '../../src/commands/decide-approval.ts';
import type { EventEmitted, PinnedStart } from '../../src/domain/emission.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { executionIdOf } from '../../src/domain/uuid.ts';
import { entityOf, streamOf } from '../../src/domain/stream.ts';
import { checkVersions, isVersion } from './check-versions.ts';
import { isSkipped } from './check-singletons.ts';
import type { Accepted } from './accepted.ts';
import type { Known } from './client.ts';
import { isKeeping } from './histories.ts';
import type { World } from './world.ts';

const answerOf = (known: Known) => (known.what === 'answered' ? known.answer : undefined);

/** Why a start may be refused: nothing was registered yet, or the input is too large to be kept. */
const checkStarted = ({ log, broken }: World, { started }: Accepted): void => {
  const created = new Set<string>();
  for (const { workflow, key, known } of started) {
    const answer = answerOf(known);
    if (answer?.executionId === undefined) continue;
    const { executionId: id, position, created: isNew } = answer;
    const events = log.stream(streamOf('execution', id));
    const told = { workflow, key, answer, events: events.length };
    if (events[0]?.type !== 'execution.started' || events[0].facts['workflow'] !== workflow)
      broken('every accepted start is in the log', told);
    if (!events.some((event) => event.position === position))
      broken('an answer says where it is in the log', told);
    if (key === undefined ? isNew !== true : id !== executionIdOf(workflow, key))
      broken('starting with a key is starting once', told);
    if (isNew === true && created.has(id)) broken('starting with a key is starting once', told);
    if (isNew === true) created.add(id);
  }
};

const checkEmitted = ({ log, broken }: World, { emitted }: Accepted): void => {
  for (const { event, key, known } of emitted) {
    const answer = answerOf(known);
    if (answer?.eventId === undefined) continue;
    const [recorded] = log.stream(streamOf('event', answer.eventId));
    if (recorded?.facts['event'] !== event) broken('every accepted event is in the log', { key, answer });
    for (const { executionId } of answer.executions ?? []) {
      const [first] = log.stream(streamOf('execution', executionId));
      const isKeyed = startsIn(recorded).some(({ execution }) => execution === executionId);
      if (first === undefined || (!isKeyed && first.facts['trigger'] !== event))
        broken('every accepted event starts what it triggers', { key, answer });
    }
  }
};

/** Also one that nobody was told of: what is in the log was accepted. */
const checkStarts = (world: World): void => {
  const { log, broken } = world;
  for (const { type, facts, stream, revision } of log.events) {
    if (type !== 'event.emitted') continue;
    const { event, starts = [] } = facts as EventEmitted['facts'];
    for (const { workflow, definition, execution, gather } of starts) {
      if (gather !== undefined) continue;
      const id = execution ?? executionIdOf(workflow, entityOf(stream));
      const [first] = log.stream(streamOf('execution', id));
      // Another event with the same key may have been first, when the workflow was another version.
      const isStarted =
        execution === undefined
          ? first?.facts['definition'] === definition && first.facts['trigger'] === event
          : first?.facts['workflow'] === workflow;
      if (!isStarted && !isSkipped(world, id))
        broken('every accepted event starts what it triggers', { stream, revision, workflow, definition });
    }
  }
};

const startsIn = (recorded: RecordedEvent | undefined): readonly PinnedStart[] =>
  (recorded?.facts as EventEmitted['facts'] | undefined)?.starts ?? [];

/** The key that an author's source sees in an event, of the keys that definitions of a run have. */
const keyIn = (source: string, payload: { readonly level: number } | null): string | undefined => {
  const { trigger } = (JSON.parse(source) as { execution: { trigger?: { idempotency_key?: string } } })
    .execution;
  if (trigger?.idempotency_key === undefined || payload === null) return undefined;
  const { level } = payload;
  return trigger.idempotency_key
    .replace('${event.level}', String(level))
    .replace('${event.level > 2}', String(level > 2));
};

/** Events with the same key start the same execution of a workflow, and others have one each. */
const checkKeys = ({ log, broken }: World): void => {
  const sources = new Map(
    log.events.flatMap(({ type, facts, payload = '{}' }) =>
      type === 'workflow.registered'
        ? [[facts['definition'], (JSON.parse(payload) as { source: string }).source]]
        : [],
    ),
  );
  for (const recorded of log.events) {
    if (recorded.type !== 'event.emitted') continue;
    const { payload } = JSON.parse(recorded.payload ?? '{}') as { payload: { level: number } | null };
    for (const { workflow, definition, execution } of startsIn(recorded)) {
      const key = keyIn(sources.get(definition) ?? '', payload);
      if (execution !== (key === undefined ? undefined : executionIdOf(workflow, key)))
        broken('events with the same key start one execution', { stream: recorded.stream, workflow, key });
    }
  }
};

const checkRegistered = ({ log, broken }: World, { registered }: Accepted): void => {
  for (const { workflow, known } of registered) {
    const answer = answerOf(known);
    if (known.what === 'refused' && known.code !== 'PAYLOAD_TOO_LARGE')
      broken('a definition is accepted', { workflow, known });
    if (answer?.number === undefined) continue;
    const versions = log.stream(streamOf('workflow', workflow)).filter(isVersion);
    const event = versions[answer.number - 1];
    if (event?.facts['definition'] !== answer.definition)
      broken('every accepted definition is in the log', { workflow, answer });
  }
};

const checkPaused = ({ log, broken }: World, { paused }: Accepted): void => {
  for (const { workflow, type, known } of paused) {
    const answer = answerOf(known);
    if (known.what === 'refused' && known.code !== 'SCHEDULE_NOT_FOUND')
      broken('a schedule is paused and resumed', { workflow, type, known });
    if (answer === undefined || answer.position === 0n) continue;
    const event = log
      .stream(streamOf('schedule', workflow))
      .find(({ position }) => position === answer.position);
    // One that was so already is answered with what happened to it last.
    if (event === undefined || (event.type === 'schedule.paused') !== (type === 'pause'))
      broken('an accepted pause is in the log', { workflow, type, answer });
  }
};

const checkSignals = ({ log, broken }: World, { signalled, cancelled }: Accepted): void => {
  for (const { id, signal, known } of signalled) {
    const answer = answerOf(known);
    if (known.what === 'refused' && known.code === 'EXECUTION_NOT_FOUND')
      broken('an execution that is in the log is found', { id, signal });
    if (answer === undefined) continue;
    const events = log.stream(streamOf('execution', id));
    const received = events.filter(
      ({ type, facts }) => type === 'signal.received' && facts['signal'] === signal,
    );
    const asked = signalled.filter((one) => one.id === id && one.signal === signal && answerOf(one.known));
    if (received.length < asked.length) broken('every accepted signal is in the log', { id, signal, answer });
  }
  for (const { id, known } of cancelled) {
    if (known.what === 'refused' && known.code === 'EXECUTION_NOT_FOUND')
      broken('an execution that is in the log is found', { id });
    if (answerOf(known) === undefined) continue;
    const end = log.stream(streamOf('execution', id)).findLast((event) => !isKeeping(event));
    if (end?.type !== 'execution.cancelled')
      broken('an accepted cancellation ends it', { id, end: end?.type });
  }
};

/** Who decides was asked, and is told so only when their decision is in the log; whoever is told of another one, when that is. */
const checkDecisions = ({ log, broken }: World, { decided }: Accepted): void => {
  for (const { id, step, by, known } of decided) {
    if (known.what === 'refused' && known.code === 'EXECUTION_NOT_FOUND')
      broken('an execution that is in the log is found', { id, step });
    const answer = answerOf(known) as Decided | undefined;
    if (answer === undefined) continue;
    const events = log.stream(streamOf('execution', id)).filter(({ facts }) => facts['step'] === step);
    if (answer.outcome === 'withdrawn') {
      if (!events.some(({ type }) => type === 'approval.requested'))
        broken('only what somebody was asked for is withdrawn', { id, step });
      continue;
    }
    const made = events.filter(
      ({ type, payload = '' }) => type === 'approval.decided' && payload.includes(`"by":"${answer.by}"`),
    );
    if (answer.outcome === 'decided' && answer.by !== by)
      broken('who decides is told of their own decision', { id, step, by, answer });
    if (made.length === 0) broken('every accepted decision is in the log', { id, step, by });
  }
};

const checkOperated = ({ log, broken }: World, { operated }: Accepted): void => {
  for (const { id, operation, known } of operated) {
    if (known.what === 'refused' && known.code === 'EXECUTION_NOT_FOUND')
      broken('an execution that is in the log is found', { id, operation });
    const answer = answerOf(known);
    if (answer === undefined) continue;
    const event = log.stream(streamOf('execution', id)).find(({ position }) => position === answer.position);
    if (event === undefined) broken('an answer says where it is in the log', { id, operation, answer });
  }
};

/** What clients were told is what the log says. */
export const checkAnswers = (world: World, accepted: Accepted): void => {
  checkStarted(world, accepted);
  checkEmitted(world, accepted);
  checkStarts(world);
  checkKeys(world);
  checkRegistered(world, accepted);
  checkVersions(world, accepted);
  checkPaused(world, accepted);
  checkSignals(world, accepted);
  checkDecisions(world, accepted);
  checkOperated(world, accepted);
};
