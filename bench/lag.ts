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
/** With projections, with starts that wait for them, and without, in turn, so that all see the same minutes. */
const ROUNDS = 3;
/** One of so many commits is looked at. */
const EVERY = 50;
const ALONE = 50;
/** What starts wait for in the rounds where they do. */
const BEHIND = '5ms';
const ALL = PROJECTIONS.map(({ name }) => name);
const PATIENCE = 60_000;
/** A server that has just started compiles its code beside its work for about as many executions, in the threads that fold, too. */
const WARM_UP = 1_000;

const perSecondOf = (count: number, { elapsed }: { readonly elapsed: number }): number =>
  (count * 1_000) / elapsed;

const withViews = async (folder: string, executions: number, env: Readonly<Record<string, string>> = {}) => {
  const meter = createLagMeter();
  const { core, runOne } = await openEngine(folder, { log: meter.decorate }, env);
  const collections = liveCollections(core.readModels, core.projector);
  try {
    const looked = { readModels: core.readModels, projector: core.projector, collections };
    await timed(runOne, WARM_UP, STANDARD.inFlight);
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
    await timed(runOne, WARM_UP, STANDARD.inFlight);
    return perSecondOf(executions, await timed(runOne, executions, STANDARD.inFlight));
  } finally {
    await core.close();
  }
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const spread = ({ p50, p95, p99 }: Latency): string =>
  `p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;

/** What came of some rounds with views. */
type Rounds = readonly Awaited<ReturnType<typeof withViews>>[];

const figuresOf = (rounds: Rounds) => {
  const lags = rounds.flatMap((round) => round.lags);
  const speeds = rounds.map(({ perSecond }) => perSecond);
  return { lags, latency: percentiles(lags), speeds, perSecond: mean(speeds) };
};

const speedFigures = (speeds: readonly number[]) => ({
  executionsPerSecond: round(mean(speeds)),
  rounds: speeds.map(round),
});

const lagLine = ({ lags, latency }: ReturnType<typeof figuresOf>): string =>
  `lag of ${lags.length} commits: ${spread(latency)}, most ${Math.max(...lags).toFixed(2)} ms`;

const lagFigures = ({ lags, latency }: ReturnType<typeof figuresOf>) => ({
  commits: lags.length,
  ...latency,
  most: round(Math.max(...lags)),
});

/**
 * How far the views are behind under the standard work: from the acknowledgement of an append until the document of its
 * execution can be read and holds it; how long after the last the views are there that can wait; and what folding them costs
 * the engine, beside one whose views are not folded. The same where starts wait for views that are behind.
 */
export const runLag: Scenario = async ({ folder, executions = EXECUTIONS }) => {
  const free: Rounds[number][] = [];
  const held: Rounds[number][] = [];
  const bare: number[] = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    free.push(await withViews(join(folder, `views-${n}`), executions));
    held.push(await withViews(join(folder, `held-${n}`), executions, { SAGALOG_VIEWS_BEHIND: BEHIND }));
    bare.push(await withoutViews(join(folder, `bare-${n}`), executions));
  }
  const [withThem, waiting, without] = [figuresOf(free), figuresOf(held), mean(bare)];
  const alone = free.flatMap((round) => round.alone);
  const floor = percentiles(alone);
  const behind = free.map((round) => round.behind);
  const ratio = {
    engine: round(withThem.perSecond / without),
    lag: round(withThem.latency.p99 / floor.p99),
    held: round(waiting.perSecond / without),
  };
  return {
    lines: [
      `${ROUNDS} rounds of ${executions} executions, ${STANDARD.inFlight} in flight: ${withThem.perSecond.toFixed(0)} executions/s (${(withThem.perSecond * EVENTS).toFixed(0)} events/s) with projections, ${without.toFixed(0)} without: ${ratio.engine} of it`,
      lagLine(withThem),
      `all views, also those that can wait, were there ${behind.map((ms) => ms.toFixed(0)).join(', ')} ms behind the last execution`,
      `SAGALOG_VIEWS_BEHIND=${BEHIND}: ${waiting.perSecond.toFixed(0)} executions/s, ${ratio.held} of it; ${lagLine(waiting)}`,
      `one execution at a time, ${alone.length} commits: ${spread(floor)}`,
    ],
    figures: {
      executions,
      rounds: ROUNDS,
      inFlight: STANDARD.inFlight,
      lag: lagFigures(withThem),
      allBehind: behind.map(round),
      alone: { commits: alone.length, ...floor },
      withProjections: speedFigures(withThem.speeds),
      held: { behind: BEHIND, lag: lagFigures(waiting), ...speedFigures(waiting.speeds) },
      withoutProjections: speedFigures(bare),
      ratio,
    },
  };
};
