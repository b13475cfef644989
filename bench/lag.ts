import { join } from 'node:path';
import { PROJECTIONS } from '../src/projections/catalogue.ts';
import { liveCollections } from '../src/projections/live-collections.ts';
import { percentiles, round, STANDARD, type Latency } from './figures.ts';
import { createLagMeter } from './measure-lag.ts';
import { timed } from './measure.ts';
import { EVENTS, openEngine } from './open-engine.ts';
import type { Scenario } from './scenario.ts';

/** In each round. */
const EXECUTIONS = 4_000;
/** With and without projections, in turn, so that both see the same minutes. */
const ROUNDS = 3;
/** One of so many commits is looked at. */
const EVERY = 50;
const ALONE = 50;
const ALL = PROJECTIONS.map(({ name }) => name);
const PATIENCE = 60_000;

const perSecondOf = (count: number, { elapsed }: { readonly elapsed: number }): number =>
  (count * 1_000) / elapsed;

const withViews = async (folder: string, executions: number) => {
  const meter = createLagMeter();
  const { core, runOne } = await openEngine(folder, { log: meter.decorate });
  const collections = liveCollections(core.readModels, core.projector);
  try {
    const looked = { readModels: core.readModels, projector: core.projector, collections };
    await timed(runOne, STANDARD.warmUp, STANDARD.inFlight);
    await core.viewsCaughtUp();
    meter.begin(looked, EVERY);
    const ran = await timed(runOne, executions, STANDARD.inFlight);
    const ended = performance.now();
    await core.projector.waitFor(await core.log.end(), ALL, PATIENCE);
    const behind = performance.now() - ended;
    const lags = await meter.end();
    // One execution at a time: what an idle server takes, each commit looked at.
    meter.begin(looked, 1);
    await timed(runOne, ALONE, 1);
    const alone = await meter.end();
    return { perSecond: perSecondOf(executions, ran), lags, alone, behind };
  } finally {
    collections.close();
    await core.close();
  }
};

const withoutViews = async (folder: string, executions: number): Promise<number> => {
  const { core, runOne } = await openEngine(folder);
  try {
    await core.viewsCaughtUp();
    await core.projector.stop();
    await timed(runOne, STANDARD.warmUp, STANDARD.inFlight);
    return perSecondOf(executions, await timed(runOne, executions, STANDARD.inFlight));
  } finally {
    await core.close();
  }
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const spread = ({ p50, p95, p99 }: Latency): string =>
  `p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;

/**
 * How far the views are behind under the standard work: from the acknowledgement of an append until the document of its
 * execution can be read and holds it; how long after the last the views are there that can wait; and what folding them costs the engine, beside one whose views are not folded.
 */
export const runLag: Scenario = async ({ folder, executions = EXECUTIONS }) => {
  const folded: number[] = [];
  const bare: number[] = [];
  const lags: number[] = [];
  const alone: number[] = [];
  const behind: number[] = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    const found = await withViews(join(folder, `views-${n}`), executions);
    folded.push(found.perSecond);
    lags.push(...found.lags);
    alone.push(...found.alone);
    behind.push(found.behind);
    bare.push(await withoutViews(join(folder, `bare-${n}`), executions));
  }
  const [lag, floor] = [percentiles(lags), percentiles(alone)];
  const [withThem, without] = [mean(folded), mean(bare)];
  const ratio = { engine: round(withThem / without), lag: round(lag.p99 / floor.p99) };
  return {
    lines: [
      `${ROUNDS} rounds of ${executions} executions, ${STANDARD.inFlight} in flight: ${withThem.toFixed(0)} executions/s (${(withThem * EVENTS).toFixed(0)} events/s) with projections, ${without.toFixed(0)} without: ${ratio.engine} of it`,
      `lag of ${lags.length} commits: ${spread(lag)}, most ${Math.max(...lags).toFixed(2)} ms`,
      `all views, also those that can wait, were there ${behind.map((ms) => ms.toFixed(0)).join(', ')} ms behind the last execution`,
      `one execution at a time, ${alone.length} commits: ${spread(floor)}`,
    ],
    figures: {
      executions,
      rounds: ROUNDS,
      inFlight: STANDARD.inFlight,
      lag: { commits: lags.length, ...lag, most: round(Math.max(...lags)) },
      allBehind: behind.map(round),
      alone: { commits: alone.length, ...floor },
      withProjections: { executionsPerSecond: round(withThem), rounds: folded.map(round) },
      withoutProjections: { executionsPerSecond: round(without), rounds: bare.map(round) },
      ratio,
    },
  };
};
