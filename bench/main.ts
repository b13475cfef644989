import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runEngine } from './engine.ts';
import { runFailover } from './failover.ts';
import { STANDARD, type Figures } from './figures.ts';
import { measureFloor } from './floor.ts';
import { runForeach } from './foreach.ts';
import { runGraphql } from './graphql.ts';
import { runRestate, type Run } from './peers.ts';
import { runLag } from './lag.ts';
import { runRead } from './read.ts';
import { runRebuild } from './rebuild.ts';
import { runRecovery } from './recovery.ts';
import { printOutcome, printReport } from './report.ts';
import type { Scenario } from './scenario.ts';
import { runSubscribers } from './subscribers.ts';
import { runTimeline } from './timeline.ts';
import { runTimers } from './timers.ts';

/** What can be measured, by name. */
const ENGINES: Readonly<Record<string, Run>> = {
  engine: runEngine,
  restate: runRestate,
};

/** Situations that the server is put in, by name. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  failover: runFailover,
  foreach: runForeach,
  graphql: runGraphql,
  lag: runLag,
  read: runRead,
  rebuild: runRebuild,
  recovery: runRecovery,
  subscribers: runSubscribers,
  timeline: runTimeline,
  timers: runTimers,
};

const NAMES = ['floor', ...Object.keys(ENGINES), ...Object.keys(SCENARIOS)];
const USAGE = `npm run bench -- <${NAMES.join('|')}> [--peer <name>] [--executions <n>] [--events <n>]`;

/** A number of things; NaN for what is none. */
const countOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const count = Number(text);
  return Number.isInteger(count) && count > 0 ? count : Number.NaN;
};

const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      peer: { type: 'string' },
      executions: { type: 'string' },
      events: { type: 'string' },
    },
  });
  const [name = ''] = positionals;
  const scenario = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  const names =
    scenario !== undefined ? [] : [...positionals, ...(values.peer === undefined ? [] : [values.peer])];
  const runs = names
    .filter((name) => name !== 'floor')
    .map((name) => Object.hasOwn(ENGINES, name) && ENGINES[name]);
  const [executions, events] = [countOf(values.executions), countOf(values.events)];
  if (positionals.length !== 1 || runs.includes(false) || [executions, events].includes(Number.NaN))
    throw new TypeError(`Expected ${USAGE}, but got: ${process.argv.slice(2).join(' ')}`);

  const data = process.env['SAGALOG_DATA'] ?? './data';
  mkdirSync(data, { recursive: true });
  const folder = mkdtempSync(join(data, 'bench-'));
  try {
    if (scenario !== undefined) {
      printOutcome(name, await scenario({ folder, executions, events }));
      return;
    }
    const work = { ...STANDARD, executions: executions ?? STANDARD.executions };
    const engines: Figures[] = [];
    for (const run of runs) if (run) engines.push(await run({ work, folder }));
    printReport({ work, floor: measureFloor(folder), engines });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

await main();
