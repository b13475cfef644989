import type { RecordedEvent } from '../../src/domain/event.ts';
import { categoryOf } from '../../src/domain/stream.ts';
import { timeOf, type History } from './histories.ts';
import type { World } from './world.ts';

const attemptOf = ({ facts }: RecordedEvent, id = facts['executionId']): string =>
  JSON.stringify([id, facts['step'], facts['attempt']]);

/** A breaker opens with as many failures in a row as it may have, and from open on lets one attempt through at a time. */
const checkStream = ({ broken }: World, events: readonly RecordedEvent[]): void => {
  let status = 'closed';
  let failures = 0;
  let last: RecordedEvent | undefined;
  for (const event of events) {
    const { type, facts, stream, revision } = event;
    const tell = (invariant: string): void => broken(invariant, { stream, revision, type, facts, status });
    const isProbe = last !== undefined && attemptOf(last) === attemptOf(event);
    switch (type) {
      case 'breaker.failed':
      case 'breaker.succeeded':
        if (status !== 'closed') tell('only a closed breaker counts');
        failures = type === 'breaker.failed' ? failures + 1 : 0;
        break;
      case 'breaker.opened':
        if (status === 'open') tell('a breaker opens once');
        if (status === 'half_open' && !isProbe) tell('only its probe decides on a half open breaker');
        if (status === 'closed') failures += 1;
        else failures = Number(facts['failures']);
        if (status === 'closed' && failures < Number(facts['threshold']))
          tell('a breaker opens with its threshold');
        status = 'open';
        break;
      case 'breaker.half_opened':
        if (status !== 'open') tell('one probe at a time is let through');
        else if (timeOf(event) < Number(last?.facts['until'])) tell('a breaker stays open for its time');
        status = 'half_open';
        break;
      case 'breaker.closed':
        if (status !== 'half_open' || !isProbe) tell('only its probe closes a breaker');
        status = 'closed';
        failures = 0;
        break;
      default:
        tell('a breaker knows its events');
    }
    if (facts['failures'] !== undefined && facts['failures'] !== failures)
      tell('failures in a row are counted');
    last = event;
  }
};

/** Whoever is let through a breaker is its probe, and nothing is called that is refused. */
const checkAttempts = ({ broken, log }: World, { id, events }: History): void => {
  const probes = new Set(
    log.events.filter(({ type }) => type === 'breaker.half_opened').map((event) => attemptOf(event)),
  );
  for (const [index, event] of events.entries()) {
    const told = { id, revision: event.revision, facts: event.facts };
    const isAtBreaker = event.type === 'step.admitted' && event.facts['gate'] === 'circuit_breaker';
    if (isAtBreaker && !probes.has(attemptOf(event, id))) broken('only a probe is let through', told);
    const next = events[index + 1];
    const isLetIn = next?.type === 'step.started' || next?.type === 'step.admitted';
    if (event.type === 'step.admitted' && !isLetIn) broken('what is let through is called', told);
    const isRefused = event.type === 'step.rejected' && event.facts['dueAt'] === undefined;
    const isNext = next?.type === 'step.started' && next.facts['step'] === event.facts['step'];
    if (isRefused && isNext) broken('what is refused is not called', told);
  }
};

/** Holds breakers to what they are for. */
export const checkBreakers = (world: World, histories: readonly History[]): void => {
  const events = world.log.events.filter(({ stream }) => categoryOf(stream) === 'breaker');
  for (const stream of Map.groupBy(events, ({ stream }) => stream).values()) checkStream(world, stream);
  for (const history of histories) checkAttempts(world, history);
};
