import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { gzipArchives } from '../../../src/adapters/archives/gzip-archives.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { checkArchiveFile } from '../../../src/cli/archive.ts';
import { createEnvelopes } from '../../../src/commands/envelope.ts';
import type { StreamHead } from '../../../src/domain/chain.ts';
import type { Retention } from '../../../src/domain/definition/retention.ts';
import type { SagalogEvent } from '../../../src/domain/registry.ts';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import { createRetainer, type RetainerOptions } from '../../../src/engine/retention/retainer.ts';
import type { Projection } from '../../../src/projections/projection.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { liveCollections } from '../../../src/projections/live-collections.ts';
import { retentionFloor } from '../../../src/retention-floor.ts';
import { keepingLogger } from '../../graphql/keeping-logger.ts';
import { openRunner } from '../../projections/runner.ts';
import * as s from '../../projections/samples.ts';
import { appendAll } from '../../projections/stores.ts';
import { CALLER } from '../../spec/engine.ts';
import { handClock } from '../../spec/clock.ts';
import { happened, sealAll, type Happened } from '../../spec/given.ts';
import { countingIds } from '../../spec/ids.ts';

const PATIENT = 30_000;
const NAMES = PROJECTIONS.map(({ name }) => name);

/** The time of a spec, ms since the Unix epoch: what has ended at a time of the samples is long over. */
export const NOW = 1_000_000;

/** An execution that has run, from a time on. */
export const ran = (id: string, at = 1): readonly Happened[] => [
  happened(`execution-${id}`, at, s.started(), s.stepStarted('pay')),
  happened(`execution-${id}`, at + 1, s.stepCompleted('pay', 1), s.completed(at, 1)),
];

/** Stores with views that follow the log, and what removes from them. */
export const openRetaining = async (more: readonly Projection[] = []) => {
  const runner = await openRunner();
  const folder = await mkdtemp(join(tmpdir(), 'retention-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const projector = runner.start({ projections: [...PROJECTIONS, ...more] });
  const collections = liveCollections(runner.readModels, projector);
  onTestFinished(() => collections.close());
  const clock = handClock(NOW);
  const ids = countingIds();
  const envelopes = createEnvelopes('a-node', ids);
  const kept = new Map<string, Retention>([['ship_order', { after: 1_000, archives: true }]]);
  const heads = new Map<string, StreamHead>();
  const logger = keepingLogger();
  const parts = {
    log: runner.log,
    world: { clock, ids },
    envelopes,
    readModels: runner.readModels,
    collections,
    archives: gzipArchives(folder),
    definitions: {
      known: () => Promise.resolve(),
      names: () => ['ship_order', 'refund'],
      retention: (name: string) => kept.get(name),
    },
    logger,
    floor: retentionFloor(
      { log: runner.log, world: { clock: systemClock(), ids }, envelopes },
      projector,
      [],
    ),
    over: new AbortController().signal,
  };
  /** Once the views are where the log is. */
  const caughtUp = async (): Promise<void> => projector.waitFor(await runner.log.end(), NAMES, PATIENT);
  return {
    ...runner,
    ...parts,
    projector,
    clock,
    kept,
    caughtUp,
    happen: async (...history: readonly Happened[]): Promise<void> => {
      await appendAll(runner.log, sealAll(history, heads));
      await caughtUp();
    },
    /** Something more happens to what the spec has not written itself alone. */
    happenNext: async (stream: string, event: SagalogEvent): Promise<void> => {
      const head = await runner.log.head(stream);
      if (head === undefined) throw new TypeError(`Expected ${stream} to be there.`);
      const next = sealAll([happened(stream, clock.now(), event)], new Map([[stream, head]]));
      await appendAll(runner.log, next);
      await caughtUp();
    },
    /** Another process, which knows nothing but the stores. */
    another: (more: Partial<RetainerOptions> = {}) => createRetainer({ ...parts, ...more }),
    retain: async (more: Partial<RetainerOptions> = {}, workflow = 'ship_order') => {
      const retainer = createRetainer({ ...parts, ...more });
      const [outcome] = await retainer.retain({ workflow, dryRun: false }, CALLER);
      await caughtUp();
      return outcome;
    },
    /** Ids of the executions that the views show. */
    shown: async (): Promise<readonly string[]> => {
      const found = await runner.readModels.find(await collections.of('executions'), { limit: 1_000 });
      return found.map(({ key }) => key).sort();
    },
    /** What the stream of the removals says. */
    told: async (): Promise<readonly RecordedEvent[]> => runner.log.read('retention-ship_order'),
    types: async (id: string): Promise<readonly string[]> =>
      (await runner.log.read(`execution-${id}`)).map(({ type }) => type),
    folder,
    archive: (name: string) => checkArchiveFile(join(folder, name)),
  };
};

/** What `openRetaining` opens. */
export type Retaining = Awaited<ReturnType<typeof openRetaining>>;
