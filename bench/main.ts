import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runEngine } from './engine.ts';
import { STANDARD, type Figures } from './figures.ts';
import { measureFloor } from './floor.ts';
import { runRestate, type Run } from './peers.ts';
import { printReport } from './report.ts';

/** What can be measured, by name. */
const ENGINES: Readonly<Record<string, Run>> = {
  engine: runEngine,
  restate: runRestate,
};

const USAGE = `npm run bench -- <${['floor', ...Object.keys(ENGINES)].join('|')}> [--peer <name>] [--executions <n>]`;

const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      peer: { type: 'string' },
      executions: { type: 'string', default: String(STANDARD.executions) },
    },
  });
  const names = [...positionals, ...(values.peer === undefined ? [] : [values.peer])];
  const runs = names
    .filter((name) => name !== 'floor')
    .map((name) => Object.hasOwn(ENGINES, name) && ENGINES[name]);
  const executions = Number(values.executions);
  if (positionals.length !== 1 || runs.includes(false) || !Number.isInteger(executions) || executions < 1)
    throw new TypeError(`Expected ${USAGE}, but got: ${process.argv.slice(2).join(' ')}`);

  const data = process.env['SAGALOG_DATA'] ?? './data';
  mkdirSync(data, { recursive: true });
  const folder = mkdtempSync(join(data, 'bench-'));
  try {
    const work = { ...STANDARD, executions };
    const engines: Figures[] = [];
    for (const run of runs) if (run) engines.push(await run({ work, folder }));
    printReport({ work, floor: measureFloor(folder), engines });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

await main();
