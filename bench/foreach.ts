import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defineActivity } from '../src/activities/define-activity.ts';
import type { Core } from '../src/create-core.ts';
import { current } from '../src/domain/registry.ts';
import { streamOf } from '../src/domain/stream.ts';
import { liveCollections } from '../src/projections/live-collections.ts';
import type { DocumentQuery } from '../src/ports/read-models.ts';
import type { TimelineDocument } from '../src/projections/timeline-document.ts';
import { createViews } from '../src/queries/views.ts';
import { round } from './figures.ts';
import { BENCH } from './generate.ts';
import { openBenchCore } from './open-core.ts';
import type { Scenario } from './scenario.ts';

const TURNS = 10_000;
const AT_ONCE = 50;
const PAGE = 100;
const PATIENCE = 60_000;
const MIB = 1_048_576;

const nothing = defineActivity({ name: 'nothing', run: () => ({ done: true }) });

const FLAT = `execution:
  workflow: flat
  activities: [{ name: call, activity: nothing }]
`;

/** A loop of one step, and one behind it that leaves the loop's heap to be looked at. */
const WIDE = `execution:
  workflow: wide
  activities:
    - name: each
      foreach:
        items: \${input}
        concurrency: ${AT_ONCE}
        steps: [{ name: call, activity: nothing, input: { n: '\${item}' } }]
`;

const heapUsed = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / MIB;
};

const startOf = async (core: Core, workflow: string, input: readonly number[] | null): Promise<string> => {
  const id = core.ids.next();
  const definition = await core.definitions.startable(workflow);
  await core.engine.executions.start(
    id,
    definition,
    { type: 'start', id, trigger: 'manual', input, event: null },
    BENCH,
  );
  return id;
};

/** Executions of one step a second, so many at once. */
const runFlat = async (core: Core, count: number): Promise<number> => {
  let left = count;
  const worker = async () => {
    for (; left > 0; left -= 1) await core.engine.ended(await startOf(core, 'flat', null));
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return round((count * 1_000) / (performance.now() - from));
};

/** When so many turns of an execution were durable, and what heap the server held then. */
const watchTurns = async (core: Core, id: string, turns: number) => {
  const from = performance.now();
  const over = new AbortController();
  const filter = { stream: streamOf('execution', id), types: ['branch.completed'] };
  const marks: { readonly turns: number; readonly at: number; readonly heap: number }[] = [];
  const each = turns / 5;
  let seen = 0;
  for await (const { events } of core.log.subscribe({ after: 0n, filter, signal: over.signal })) {
    for (const event of events) {
      if (current(event).type !== 'branch.completed') continue;
      seen += 1;
      if (seen % each === 0) marks.push({ turns: seen, at: performance.now() - from, heap: heapUsed() });
    }
    if (seen >= turns) break;
  }
  over.abort();
  return marks;
};

/** Reads the timeline as the API does, page after page. */
const pageThrough = async (core: Core, id: string) => {
  const collections = liveCollections(core.readModels, core.projector);
  const views = createViews(core.readModels, collections, (position, names) =>
    core.projector.waitFor(position, names, PATIENCE),
  );
  const waitFrom = performance.now();
  await views.reflect(await core.log.end(), 'timeline');
  const behind = round(performance.now() - waitFrom);
  const times: number[] = [];
  let entries = 0;
  let last: DocumentQuery['after'];
  do {
    const from = performance.now();
    const page = await views.find<TimelineDocument>('timeline', {
      where: [{ field: 'executionId', op: 'eq', value: id }],
      orderBy: [{ field: 'sequence', direction: 'asc' }],
      limit: PAGE,
      ...(last === undefined ? {} : { after: last }),
    });
    times.push(performance.now() - from);
    entries += page.length;
    const end = page.length < PAGE ? undefined : page.at(-1);
    last = end && { values: [end.doc.sequence], key: end.key };
  } while (last !== undefined);
  collections.close();
  const [first = 0] = times;
  return {
    behind,
    entries,
    first: round(first),
    last: round(times.at(-1) ?? 0),
    slowest: round(Math.max(...times)),
  };
};

/** A loop over many items, fifty at once: its turns a second beside executions of the same step, and what it holds. */
export const runForeach: Scenario = async ({ folder, executions: turns = TURNS }) => {
  const activities = [{ activity: nothing, from: 'bench' }];
  const core = await openBenchCore(join(folder, 'foreach'), { activities });
  try {
    await core.start();
    for (const source of [FLAT, WIDE]) await core.definitions.register(source, BENCH);
    await runFlat(core, AT_ONCE * 10);
    const flat = await runFlat(core, turns);
    const before = heapUsed();
    const from = performance.now();
    const id = await startOf(
      core,
      'wide',
      Array.from({ length: turns }, (_, n) => n),
    );
    const marks = await watchTurns(core, id, turns);
    await core.engine.ended(id);
    const elapsed = performance.now() - from;
    const paged = await pageThrough(core, id);
    const parts = marks.map(({ at, heap, turns: so }, n) => ({
      turns: so,
      turnsPerSecond: round(((turns / 5) * 1_000) / (at - (marks[n - 1]?.at ?? 0))),
      heap: round(heap - before),
    }));
    const turnsPerSecond = round((turns * 1_000) / elapsed);
    return {
      lines: [
        `${turns} turns, ${AT_ONCE} at once: ${turnsPerSecond.toFixed(0)} turns/s (executions of one step, ${AT_ONCE} at once: ${flat.toFixed(0)}/s)`,
        ...parts.map(
          (part) =>
            `  until ${part.turns}: ${part.turnsPerSecond.toFixed(0)} turns/s, ${part.heap.toFixed(1)} MiB more than before`,
        ),
        `views behind by ${paged.behind.toFixed(0)} ms; ${paged.entries} entries by pages of ${PAGE}: the first ${paged.first} ms, the last ${paged.last} ms, at most ${paged.slowest} ms`,
      ],
      figures: {
        turns,
        atOnce: AT_ONCE,
        turnsPerSecond,
        executionsPerSecond: flat,
        parts,
        timeline: paged,
      },
    };
  } finally {
    await core.close();
  }
};
