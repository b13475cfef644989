import type { EventEmitted } from '../../src/domain/emission.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { EventOf } from '../../src/domain/registry.ts';
import { categoryOf, entityOf, streamOf } from '../../src/domain/stream.ts';
import { gatheredIdOf } from '../../src/domain/uuid.ts';
import type { World } from './world.ts';

type Gathered = EventOf<'trigger.gathered'>['facts'];
type Released = EventOf<'trigger.released'>['facts'];

const byStream = ({ log }: World): ReadonlyMap<string, readonly RecordedEvent[]> =>
  Map.groupBy(
    log.events.filter(({ stream }) => categoryOf(stream) === 'gathering'),
    ({ stream }) => stream,
  );

/** What waits to start an execution, or was released and has not done so. */
export const ungathered = (world: World): readonly string[] =>
  [...byStream(world)].flatMap(([stream, events]) => {
    const released = events.filter(({ type }) => type === 'trigger.released');
    const missing = released.filter(
      ({ facts }) => world.log.stream(streamOf('execution', facts['execution'] as string)).length === 0,
    );
    const isOpen = events.at(-1)?.type === 'trigger.gathered';
    return [...missing.map(({ revision }) => `${stream}@${revision}`), ...(isOpen ? [stream] : [])];
  });

const payloadOf = ({ log }: World, event: string): unknown => {
  const [emitted] = log.stream(streamOf('event', event));
  return (JSON.parse(emitted?.payload ?? '{}') as EventEmitted['payload']).payload;
};

/** What was released starts an execution of its own with what was gathered, all of it or the last. */
const checkRelease = (world: World, release: RecordedEvent, gathered: readonly Gathered[]): void => {
  const { log, broken, settings } = world;
  const facts = release.facts as unknown as Released;
  const told = { stream: release.stream, revision: release.revision, facts };
  const last = gathered.at(-1);
  if (last === undefined || facts.count !== gathered.length)
    return broken('what is released was gathered', { ...told, gathered });
  const early = last.dueAt - release.commit.metadata.at;
  if (facts.reason === 'due' && early > 2 * (settings.sharing?.ahead ?? 0))
    broken('what is released was due', { ...told, early });
  if (facts.execution !== gatheredIdOf(facts.workflow, facts.key, facts.from))
    broken('what is released starts an execution of its own', told);
  const [first] = log.stream(streamOf('execution', facts.execution));
  if (first?.facts['workflow'] !== facts.workflow || first.facts['definition'] !== last.definition)
    return broken('what is released is started', { ...told, first });
  const { event, events } = JSON.parse(first.payload ?? '{}') as { event: unknown; events?: unknown };
  const payloads = gathered.map((one) => payloadOf(world, one.event));
  const isKept = log.stream(first.stream)[1]?.facts['errorType'] !== 'PayloadTooLarge';
  const expected = last.kind === 'batch' ? payloads : payloads.at(-1);
  if (isKept && JSON.stringify(events ?? event) !== JSON.stringify(expected))
    broken('a run is started with what was gathered', { ...told, expected, events, event });
};

/** Each event that is to be gathered is, once, and is in one run: none is lost, none is in two. */
export const checkGatherings = (world: World): void => {
  const { log, broken } = world;
  const seen = new Set<string>();
  for (const [stream, events] of byStream(world)) {
    let open: Gathered[] = [];
    let from = 0;
    for (const recorded of events) {
      if (recorded.type === 'trigger.released') {
        checkRelease(world, recorded, open);
        open = [];
        continue;
      }
      const facts = recorded.facts as unknown as Gathered;
      if (open.length === 0) from = recorded.revision;
      open.push(facts);
      const once = `${facts.workflow} ${facts.event}`;
      if (seen.has(once) || facts.from !== from || facts.count !== open.length)
        broken('an event is gathered once, with those before it', { stream, facts });
      seen.add(once);
    }
  }
  for (const { type, facts, stream } of log.events) {
    if (type !== 'event.emitted') continue;
    for (const { workflow, gather } of (facts as EventEmitted['facts']).starts ?? [])
      if (gather !== undefined && !seen.has(`${workflow} ${entityOf(stream)}`))
        broken('an event that is to be gathered is', { stream, workflow });
  }
};
