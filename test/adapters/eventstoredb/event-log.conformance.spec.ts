import { openEventStoreLog } from '../../../src/adapters/eventstoredb/open-event-store-log.ts';
import { eventLogConformance } from '../../conformance/event-log.conformance.ts';
import { startEventStore } from '../../servers/eventstoredb/server.ts';

eventLogConformance('EventStoreDB', async () => {
  const given = process.env['EVENTSTORE_URL'];
  const server = given === undefined ? await startEventStore() : { url: given, stop: async () => undefined };
  const log = await openEventStoreLog({ url: server.url });
  return { log, close: () => log.close().then(() => server.stop()) };
});
