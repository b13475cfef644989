import { onTestFinished } from 'vitest';
import { streamOf } from '../../../src/domain/stream.ts';
import { emit } from '../../../src/commands/emit.ts';
import type { EmittedEvent } from '../../../src/commands/commands.ts';
import type { Json } from '../../../src/domain/json.ts';
import { createGatherer, type Gatherer } from '../../../src/engine/gatherings/gatherer.ts';
import type { Owned } from '../../../src/engine/owned.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import type { HandClock } from '../../spec/clock.ts';
import { CALLER, openEngine, sourceOf, type EngineUnderTest } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';

/** What a gatherer of a spec is made of. */
export interface GatheringParts {
  readonly log: EventLog;
  readonly clock: HandClock;
  readonly owned?: Owned;
  /** Tells the nodes of a spec apart (default 1). */
  readonly space?: number;
}

/** A gatherer on an engine on a log, as the server puts them together. */
export interface GatheringNode extends EngineUnderTest {
  readonly gatherer: Gatherer;
  register(yaml: string): Promise<void>;
  emit(payload?: Json): Promise<EmittedEvent>;
}

/** Puts a gatherer on a log. */
export const openGathering = ({ log, clock, owned, space = 1 }: GatheringParts): GatheringNode => {
  const engine = openEngine({
    log,
    clock,
    ids: countingIds(0.5, space),
    activities: {},
    gathered: (id, dueAt) => gatherer.arm(id, dueAt),
  });
  const { definitions, emissions } = engine;
  const { executions } = engine.engine;
  const logger = { debug() {}, info() {}, warn() {}, error: (fields: object) => console.error(fields) };
  const own = owned === undefined ? {} : { owned };
  const gatherer = createGatherer({ clock, logger, definitions, emissions, executions, ...own });
  definitions.complete();
  onTestFinished(() => gatherer.close());
  return {
    ...engine,
    gatherer,
    register: async (yaml) => {
      await definitions.register(sourceOf(yaml), CALLER);
    },
    emit: (payload = null) =>
      emit(
        { definitions, emissions, executions },
        { type: 'happened', payload, idempotencyKey: undefined, caller: CALLER },
      ),
  };
};

/** Resolves with what a gathering's stream says once that ends with an event of this type. */
export const storyUntil = async (log: EventLog, type: string, id = 'many'): Promise<readonly unknown[]> => {
  const over = new AbortController();
  const stream = streamOf('gathering', id);
  const story: unknown[] = [];
  for await (const { events } of log.subscribe({ after: 0n, filter: { stream }, signal: over.signal })) {
    for (const { facts } of events) story.push(facts['reason'] ?? facts['count']);
    if (events.at(-1)?.type === type) over.abort();
  }
  return story;
};
