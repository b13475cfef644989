import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { pendingOf } from '../../src/domain/execution/pending.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { handClock } from '../spec/clock.ts';
import { definitionIn, documentsIn, nextOf, stateOf } from './fold-history.ts';
import { FOLDER, keptCommits, readHistories, recordedEvents, type History } from './history.ts';
import { playScenario, SCENARIOS, type Scenario } from './scenarios.ts';

/*
 * Records histories that are not kept yet: node test/replay/record.ts
 *
 * With --derive it writes anew only what is made of the events, after a change of projections or states that is meant.
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

/** A history with what this version makes of its events. */
const derived = (name: string, executionId: string, events: readonly RecordedEvent[]): History => {
  const state = stateOf(events, executionId);
  return {
    name,
    executionId,
    commits: keptCommits(events),
    state,
    pending: pendingOf(definitionIn(events, state.definition), state),
    next: nextOf(events, executionId),
    documents: documentsIn(events),
  };
};

const record = async (scenario: Scenario): Promise<History> => {
  const path = await mkdtemp(join(tmpdir(), 'sagalog-history-'));
  const log = await openSqliteLog({ path });
  try {
    const executionId = await playScenario(scenario, log, handClock());
    return derived(scenario.name, executionId, await wholeLog(log));
  } finally {
    await log.close();
    await rm(path, { recursive: true, force: true });
  }
};

const keep = async (history: History): Promise<void> => {
  const text = await format(JSON.stringify(history), { parser: 'json', printWidth: 110 });
  await writeFile(join(FOLDER, `${history.name}.json`), text);
  console.log(`${history.name}: ${history.commits.length} commits, ${history.state.status}`);
};

await mkdir(FOLDER, { recursive: true });
if (process.argv.includes('--derive')) {
  for (const history of readHistories())
    await keep(derived(history.name, history.executionId, recordedEvents(history)));
} else {
  const kept = process.argv.includes('--again') ? [] : readHistories().map(({ name }) => name);
  for (const scenario of SCENARIOS) if (!kept.includes(scenario.name)) await keep(await record(scenario));
}
