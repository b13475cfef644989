import { inspect, parseArgs } from 'node:util';
import { simulate, type Report } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string' },
    shared: { type: 'boolean' },
  },
});

const numberOf = (name: 'seed' | 'seeds' | 'from', otherwise: number): number => {
  const value = Number(values[name] ?? otherwise);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`Expected --${name} to be a whole number, but found "${values[name]}".`);
};

/** Everything that is to be known of a seed that breaks an invariant. */
const explain = ({ seed, found, last }: Report): void => {
  console.error(`\nSeed ${seed} breaks ${found.length} of what must be true. What happened last:`);
  for (const line of last) console.error(`  ${line}`);
  for (const { invariant, facts } of found.slice(0, 5)) {
    console.error(`\nExpected that ${invariant}, but:\n${inspect(facts, { depth: 8 })}`);
  }
  console.error(`\nReplay it: npm run simulate -- --seed ${seed}`);
};

const isOne = values.seed !== undefined;
const first = isOne ? numberOf('seed', 1) : numberOf('from', 1);
const count = isOne ? 1 : numberOf('seeds', 100);
const began = performance.now();
const types: Record<string, number> = {};
const broken: number[] = [];
let hash = '';

for (let seed = first; seed < first + count; seed += 1) {
  const report = await simulate(seed, {
    kept: isOne ? 1_000 : 60,
    ...(values.shared === true ? { shared: true } : {}),
  });
  ({ hash } = report);
  for (const [type, times] of Object.entries(report.types)) types[type] = (types[type] ?? 0) + times;
  if (report.found.length > 0) {
    broken.push(seed);
    explain(report);
  }
  if (process.stderr.isTTY) process.stderr.write(`\rseed ${seed}, ${broken.length} broken `);
}

const seconds = Math.round((performance.now() - began) / 100) / 10;
if (process.stderr.isTTY) process.stderr.write('\n');
console.log(JSON.stringify({ first, seeds: count, broken, seconds, types, ...(isOne ? { hash } : {}) }));
process.exitCode = broken.length > 0 ? 1 : 0;
