import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { pendingOf } from '../../src/domain/execution/pending.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { handClock } from '../spec/clock.ts';
import { definitionIn, documentsIn, nextOf, stateOf } from './fold-history.ts';
import { FOLDER, keptCommits, type History } from './history.ts';
import { playScenario, SCENARIOS, type Scenario } from './scenarios.ts';

/*
 * Records histories that are not kept yet: node test/replay/record.ts
 * With --again it records all of them anew. What a released version wrote is an API: only do so with a change of the
 * catalogue that nobody has data of, and otherwise add scenarios under new names.
 */

const wholeLog = async (
  log: Awaited<ReturnType<typeof openSqliteLog>>,
): Promise<readonly RecordedEvent[]> => {
  const over = new AbortController();
  const events: RecordedEvent[] = [];
  for await (const batch of log.subscribe({ after: 0n, signal: over.signal })) {
    events.push(...batch.events);
    if (batch.caughtUp) over.abort();
  }
  return events;
};

const record = async (scenario: Scenario): Promise<History> => {
  const path = await mkdtemp(join(tmpdir(), 'sagalog-history-'));
  const log = await openSqliteLog({ path });
  try {
    const executionId = await playScenario(scenario, log, handClock());
    const events = await wholeLog(log);
    const state = stateOf(events, executionId);
    return {
      name: scenario.name,
      executionId,
      commits: keptCommits(events),
      state,
      pending: pendingOf(definitionIn(events, state.definition), state) ?? null,
      next: nextOf(events, executionId),
      documents: documentsIn(events),
    };
  } finally {
    await log.close();
    await rm(path, { recursive: true, force: true });
  }
};

const again = process.argv.includes('--again');
await mkdir(FOLDER, { recursive: true });
for (const scenario of SCENARIOS) {
  const file = join(FOLDER, `${scenario.name}.json`);
  if (existsSync(file) && !again) continue;
  const history = await record(scenario);
  await writeFile(file, await format(JSON.stringify(history), { parser: 'json', printWidth: 110 }));
  console.log(`${scenario.name}: ${history.commits.length} commits, ${history.state.status}`);
}
