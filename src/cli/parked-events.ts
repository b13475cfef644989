import type { Api } from './demo/api.ts';
import { tableOf } from './demo/table.ts';
import { ask, whileFollowed } from './following.ts';

interface Parked {
  readonly eventId: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly parkedAt: string;
  readonly parkedBy: string;
  readonly reason: string;
}

/** Lets a projection go past an event, and waits until it is up with the others. Rejects as the API does. */
export const parkEvent = async (
  api: Api,
  name: string,
  eventId: string,
  reason: string | undefined,
): Promise<void> => {
  await whileFollowed(api, () =>
    ask(
      api,
      'mutation ($name: String!, $eventId: ID!, $reason: String) { parkEvent(name: $name, eventId: $eventId, reason: $reason) { position } }',
      { name, eventId, reason: reason ?? null },
    ),
  );
};

/** Prints what a projection passes over. Rejects as the API does. */
export const listParked = async (api: Api, name: string): Promise<void> => {
  const { parkedEvents } = await api.query<{ parkedEvents: readonly Parked[] }>(
    'query ($name: String!) { parkedEvents(name: $name) { eventId type stream revision parkedAt parkedBy reason } }',
    { name },
  );
  const rows = parkedEvents.map((one) => [
    one.eventId,
    one.type,
    `${one.stream}@${one.revision}`,
    one.parkedAt,
    one.parkedBy,
    one.reason,
  ]);
  process.stdout.write(`${tableOf([['event', 'type', 'at', 'parked', 'by', 'reason'], ...rows], [])}\n`);
};
