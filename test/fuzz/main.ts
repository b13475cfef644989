import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { startPlanted } from './planted.ts';

const { values } = parseArgs({
  options: { operations: { type: 'string' }, seed: { type: 'string' }, from: { type: 'string' } },
});

const numberOf = (name: keyof typeof values, otherwise: number): number => {
  const value = Number(values[name] ?? otherwise);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`Expected --${name} to be a whole number, but found "${values[name]}".`);
};

const planted = await startPlanted();
const began = performance.now();
const { broken, ...found } = await fuzz(planted, {
  seed: numberOf('seed', 1),
  operations: numberOf('operations', 1_000),
  from: numberOf('from', 0),
});
const seconds = Math.round((performance.now() - began) / 100) / 10;
for (const operation of broken.slice(0, 20)) console.error(operation);
const logged = planted.server.log();
const exit = await planted.close();
if (logged !== '') console.error(`The server's log:\n${logged.slice(0, 20_000)}`);
const why = Object.fromEntries(
  Object.entries(Object.groupBy(broken, (operation) => operation.why)).map(([reason, all = []]) => [
    reason,
    all.length,
  ]),
);
console.log(JSON.stringify({ ...found, seconds, exit, broken: why }));
process.exitCode = broken.length > 0 || exit !== 0 || logged !== '' ? 1 : 0;
