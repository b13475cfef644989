import DataLoader from 'dataloader';
import type { RecordedEvent } from '../domain/event.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { SETTING_EVENTS, withVariables } from '../domain/execution/variables.ts';
import type { EventLog } from '../ports/event-log.ts';
import { giving, type GivesPayloads } from './payloads.ts';

/** What completed executions gave, by their streams. */
export type Outputs = DataLoader<string, Json>;

const PAGE = 1_000;

const SETS: ReadonlySet<string> = new Set(SETTING_EVENTS);

const payloadOf = ({ payload }: RecordedEvent): { readonly [name: string]: Json | undefined } =>
  JSON.parse(payload ?? '{}') as JsonObject;

const variablesIn = (event: RecordedEvent): JsonObject | undefined =>
  (payloadOf(event) as { readonly variables?: JsonObject }).variables;

/** Reads outputs: what the last event says, or else the variables. Rejects as the log does. */
export const createOutputs = (log: Pick<EventLog, 'head' | 'read'>, gives: GivesPayloads): Outputs => {
  const variablesOf = async (stream: string): Promise<JsonObject> => {
    let variables: JsonObject = {};
    for (let from = 0; ; from += PAGE) {
      const page = await log.read(stream, { from, limit: PAGE });
      for (const event of page)
        if (SETS.has(event.type)) variables = withVariables(variables, variablesIn(event));
      if (page.length < PAGE) return variables;
    }
  };

  const read = async (stream: string): Promise<Json> => {
    const { revision = 0 } = (await log.head(stream)) ?? {};
    const [last] = await log.read(stream, { from: revision, limit: 1 });
    if (last !== undefined) giving(last, gives);
    const given = last?.type === 'execution.completed' ? payloadOf(last)['output'] : undefined;
    return given ?? (await variablesOf(stream));
  };

  return new DataLoader((streams) => Promise.all(streams.map(read)));
};
