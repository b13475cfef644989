import { percentiles, round, type Figures, type Workload } from './figures.ts';

/** Runs one execution to its end. */
export type RunOne = () => Promise<unknown>;

/** Times the work: warm-up, then all with so many in flight, then one at a time. */
export const measure = async (
  runOne: RunOne,
  { executions, inFlight, alone, warmUp }: Workload,
): Promise<Pick<Figures, 'executionsPerSecond' | 'latency' | 'alone'>> => {
  await timed(runOne, warmUp, inFlight);
  await timed(runOne, Math.ceil(warmUp / 10), 1);
  const together = await timed(runOne, executions, inFlight);
  const single = await timed(runOne, alone, 1);
  return {
    executionsPerSecond: round((executions * 1_000) / together.elapsed),
    latency: percentiles(together.latencies),
    alone: percentiles(single.latencies),
  };
};

/** Runs so many with so many in flight; milliseconds of each and of all. */
export const timed = async (runOne: RunOne, count: number, inFlight: number) => {
  const latencies: number[] = [];
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const from = performance.now();
      await runOne();
      latencies.push(performance.now() - from);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { elapsed: performance.now() - begin, latencies };
};
