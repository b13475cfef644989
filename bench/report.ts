import { cpus, release } from 'node:os';
import { STEPS, round, type Figures, type Latency, type Workload } from './figures.ts';
import type { Floor } from './floor.ts';
import type { Outcome } from './scenario.ts';

/** All that one run measured. */
export interface Report {
  readonly work: Workload;
  readonly floor: Floor;
  readonly engines: readonly Figures[];
}

const machine = () => ({
  cpus: cpus().length,
  model: cpus()[0]?.model.trim(),
  kernel: release(),
  node: process.version,
});

/** How many times the first engine's throughput is the second's, and what share of its latency alone it takes. */
export const compare = (ours: Figures, peer: Figures) => ({
  throughput: round(ours.executionsPerSecond / peer.executionsPerSecond),
  latencyAlone: round(ours.alone.p50 / peer.alone.p50),
});

/** Prints a report to read, and last a line of JSON. */
export const printReport = ({ work, floor, engines }: Report): void => {
  const { executions, inFlight, alone } = work;
  console.log(
    `${executions} executions of ${STEPS} durable steps, ${inFlight} in flight; then ${alone} one at a time`,
  );
  console.log(`fdatasync of 4 KiB: ${floor.perSecond.toFixed(0)}/s, ${spread(floor.latency)}`);
  for (const figures of engines) {
    const events =
      figures.eventsPerSecond === undefined ? '' : `, ${figures.eventsPerSecond.toFixed(0)} events/s`;
    console.log(`${figures.name}: ${figures.executionsPerSecond.toFixed(0)} executions/s${events}`);
    console.log(`  ${inFlight} in flight: ${spread(figures.latency)}`);
    console.log(`  alone: ${spread(figures.alone)}`);
    console.log(`  memory: ${figures.memory.toFixed(0)} MiB`);
  }
  const [ours, peer] = engines;
  const ratio = ours && peer && compare(ours, peer);
  if (ratio)
    console.log(
      `${ours.name} to ${peer.name}: ${ratio.throughput} times the executions/s, ${ratio.latencyAlone} of the latency alone`,
    );
  console.log(
    JSON.stringify({ work, steps: STEPS, floor, engines, ...(ratio && { ratio }), machine: machine() }),
  );
};

/** Prints what a scenario came to, to read, and last a line of JSON. */
export const printOutcome = (scenario: string, { lines, figures }: Outcome): void => {
  for (const line of lines) console.log(line);
  console.log(JSON.stringify({ scenario, ...figures, machine: machine() }));
};

const spread = ({ p50, p95, p99 }: Latency): string =>
  `p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
