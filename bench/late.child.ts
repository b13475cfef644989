import { percentiles } from './figures.ts';

// Bare timers of Node, spread over a time, in a process that has nothing else to do: `<from> <span> <count>`.
const [from = 0, span = 0, count = 0] = process.argv.slice(2).map(Number);

const late: number[] = [];
for (let n = 0; n < count; n += 1) {
  const at = from + Math.round((n / count) * span);
  setTimeout(() => {
    late.push(Date.now() - at);
    if (late.length === count) process.stdout.write(`${JSON.stringify(percentiles(late))}\n`);
  }, at - Date.now());
}
