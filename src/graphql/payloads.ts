import DataLoader from 'dataloader';
import type { JsonObject } from '../domain/json.ts';
import type { RecordedEvent } from '../domain/event.ts';
import type { EventLog } from '../ports/event-log.ts';
import { categoryOf, entityOf } from '../domain/stream.ts';
import { runsOf } from '../queries/runs-of.ts';

/** Where a payload stands in the log. */
export interface PayloadPlace {
  readonly stream: string;
  readonly revision: number;
}

/** Payloads of events by their place; null for an event without one. */
export type Payloads = DataLoader<PayloadPlace, JsonObject | null, string>;

/** Ids of the actors that events came of, which no view holds. */
export type Authors = DataLoader<PayloadPlace, string | null, string>;

/** Says that payloads of an execution are given to somebody; throws when they are not to be. */
export type GivesPayloads = (executionId: string, workflow: string | undefined) => void;

const textIn = (fact: unknown): string | undefined => (typeof fact === 'string' ? fact : undefined);

/** Says so of an event, when it is of an execution or tells somebody of one. */
export const giving = ({ stream, facts }: RecordedEvent, gives: GivesPayloads): void => {
  const category = categoryOf(stream);
  const execution = category === 'notification' ? textIn(facts['execution']) : entityOf(stream);
  if (category === 'execution' || category === 'notification')
    gives(execution ?? '', textIn(facts['workflow']));
};

const textOf = ({ stream, revision }: PayloadPlace): string => `${revision}@${stream}`;

/** Reads something of events, those of one stream that are asked for together with one read. */
export const createReader = <T>(
  log: EventLog,
  read: (event: RecordedEvent) => T | null,
): DataLoader<PayloadPlace, T | null, string> =>
  new DataLoader(
    async (places) => {
      const found = new Map<string, T | null>();
      const readStream = async (stream: string, revisions: ReadonlySet<number>): Promise<void> => {
        for (const { from, to } of runsOf(revisions)) {
          for (const event of await log.read(stream, { from, limit: to - from + 1 }))
            if (revisions.has(event.revision)) found.set(textOf(event), read(event));
        }
      };
      const streams = Map.groupBy(places, ({ stream }) => stream);
      await Promise.all(
        [...streams].map(([stream, wanted]) =>
          readStream(stream, new Set(wanted.map(({ revision }) => revision))),
        ),
      );
      return places.map((place) => found.get(textOf(place)) ?? null);
    },
    { cacheKeyFn: textOf },
  );

/** Reads payloads. */
export const createPayloads = (log: EventLog, gives: GivesPayloads): Payloads =>
  createReader(log, (event) => {
    if (event.payload === undefined) return null;
    giving(event, gives);
    return JSON.parse(event.payload) as JsonObject;
  });

/** Reads who caused events. */
export const createAuthors = (log: EventLog): Authors =>
  createReader(log, ({ commit }) => commit.metadata.actor.id);
