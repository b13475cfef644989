import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trace } from '@opentelemetry/api';
import { openSqliteLog } from '../../../src/adapters/sqlite/event-log.ts';
import { tracedEventLog } from '../../../src/adapters/telemetry/traced-event-log.ts';
import { eventLogConformance } from '../../conformance/event-log.conformance.ts';

eventLogConformance('a traced log', async () => {
  const path = mkdtempSync(join(tmpdir(), 'traced-log-'));
  const log = tracedEventLog(await openSqliteLog({ path }), trace.getTracer('spec'));
  return { log, close: () => log.close().then(() => rmSync(path, { recursive: true })) };
});
