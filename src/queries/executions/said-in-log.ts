import type { JsonObject } from '../../domain/json.ts';
import type { EventLog } from '../../ports/event-log.ts';
import type { Found } from './compare.ts';
import type { ExecutionsFilter } from './filter.ts';
import type { Keep } from './walk.ts';

const payloadAt = async (log: EventLog, { doc }: Found, revision: number): Promise<JsonObject> => {
  const [event] = await log.read(doc.stream, { from: revision, limit: 1 });
  return event?.revision === revision && event.payload !== undefined
    ? (JSON.parse(event.payload) as JsonObject)
    : {};
};

const messageOf = ({ error }: JsonObject): string => {
  const { message = '' } = (error ?? {}) as JsonObject;
  return typeof message === 'string' ? message : '';
};

type Test = (one: Found) => Promise<boolean>;

const testsOf = ({ errorText, triggeredByUser }: ExecutionsFilter, log: EventLog): readonly Test[] => {
  const text = errorText?.toLowerCase();
  return [
    ...(text === undefined
      ? []
      : [
          async (one: Found) =>
            one.doc.errorRevision !== null &&
            messageOf(await payloadAt(log, one, one.doc.errorRevision))
              .toLowerCase()
              .includes(text),
        ]),
    ...(triggeredByUser === undefined
      ? []
      : [
          async (one: Found) =>
            (await payloadAt(log, one, one.doc.inputRevision))['triggeredBy'] === triggeredByUser,
        ]),
  ];
};

/** Keeps those of which the log says what a filter wants; `undefined` when it wants nothing that stands there only. */
export const keepSaid = (filter: ExecutionsFilter, log: EventLog): Keep | undefined => {
  const tests = testsOf(filter, log);
  if (tests.length === 0) return undefined;
  return async (found) => {
    const kept = await Promise.all(
      found.map(async (one) => (await Promise.all(tests.map((test) => test(one)))).every(Boolean)),
    );
    return found.filter((_, index) => kept[index]);
  };
};
