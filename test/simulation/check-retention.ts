import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { RejectionCode } from '../../src/domain/rejection.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import { START } from '../../src/ports/event-log.ts';
import { subscribeWhole } from '../../src/ports/whole-log.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { foldBatch, openFold } from '../../src/projections/fold.ts';
import { liftBatch } from '../../src/projections/lift-batch.ts';
import type { Accepted } from './accepted.ts';
import { liveOf } from './check-views.ts';
import { simulatedReadModels } from './simulated-read-models.ts';
import type { World } from './world.ts';

/** The log as whoever folds it anew reads it, batch by batch. */
const wholeOf = async ({ log, random }: World) => {
  const batches = [];
  const { signal } = new AbortController();
  const batch = random.fork('read as a whole').pick([1, 7, 512]);
  for await (const read of subscribeWhole(log, { after: START, batch, signal })) {
    batches.push(read);
    if (read.caughtUp) break;
  }
  return batches;
};

/** What is kept of every event, whatever becomes of its stream. */
const placeOf = ({ position, stream, revision, id, type, facts, commit }: RecordedEvent) => {
  const { at, tenant, actor, definition, $causationId, $correlationId } = commit.metadata;
  const metadata = { at, tenant, actor, definition, $causationId, $correlationId };
  return { position, stream, revision, id, type, facts, metadata, of: [commit.revision, commit.size] };
};

/** What is left of a stream has the chain that it had. */
const checkLeft = ({ log, broken }: World): void => {
  for (const stream of new Set(log.events.map((event) => event.stream))) {
    const left = log.readNow(stream, { limit: Infinity });
    const [first] = left;
    if (first === undefined || first.revision === 0) continue;
    const verdict = verifyChain(stream, left, { revision: first.revision - 1, hash: first.commit.previous });
    const end = log.stream(stream).at(-1)?.commit.hash;
    if (!verdict.ok || verdict.head.hash !== end)
      broken('what is left of a stream verifies', { stream, end, ...verdict });
  }
};

/** Who folds all views anew finds every event once, and comes to what is live. */
const checkFolded = async (world: World): Promise<void> => {
  const { log, broken } = world;
  const batches = await wholeOf(world);
  const [found, wanted] = [batches.flatMap(({ events }) => events), log.events].map((events) =>
    events.map(placeOf),
  );
  const index = wanted?.findIndex((place, at) => !isDeepStrictEqual(place, found?.[at])) ?? -1;
  if (index >= 0 || found?.length !== wanted?.length)
    broken('every event is there where it stood', { wanted: wanted?.[index], found: found?.[index] });
  const store = simulatedReadModels();
  for (const projection of PROJECTIONS) {
    const fold = openFold(projection, 1, START);
    store.prepareNow(fold.collection, []);
    for (const batch of batches)
      fold.position = (await foldBatch(store, fold, liftBatch(batch), log)).position;
    const live = liveOf(world, projection.name);
    const anew = new Map([...store.documents(fold.collection)].map(([key, { doc }]) => [key, doc]));
    const keys = [...new Set([...live.keys(), ...anew.keys()])];
    const key = keys.find((one) => !isDeepStrictEqual(live.get(one), anew.get(one)));
    if (key === undefined) continue;
    const facts = { projection: projection.name, key, live: live.get(key), anew: anew.get(key) };
    broken('views folded from what is left are the live ones', facts);
  }
};

/** What was chosen to be given up was, once whoever asked last for all of it was told so. */
const checkCarriedOut = ({ log, broken }: World, { kept }: Accepted): void => {
  const last = kept.at(-1);
  if (last?.what !== 'truncate all' || last.known.what !== 'answered') return;
  const ends = log.events.filter(({ type }) => type === 'execution.condensed');
  for (const { stream } of ends) {
    const [first] = log.readNow(stream, { limit: 1 });
    if (first?.type !== 'execution.removed') broken('what is to be given up is', { stream, first });
  }
};

/** Why it may be refused to remove, to give up and to bring back: all that is asked for was there before. */
const REFUSED: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  'NO_RETENTION',
  'BAD_USER_INPUT',
  'RETENTION_UNDER_WAY',
  'TRUNCATION_UNDER_WAY',
  'ARCHIVE_CONFLICT',
  'EXECUTION_TRUNCATED',
]);

/** Holds a run to what must be true of what was removed, brought back and given up. */
export const checkRetention = async (world: World, accepted: Accepted): Promise<void> => {
  if (!world.settings.retains) return;
  for (const { what, known } of accepted.kept)
    if (known.what === 'refused' && !REFUSED.has(known.code))
      world.broken('what there is to remove, give up or bring back is found', { what, known });
  checkLeft(world);
  checkCarriedOut(world, accepted);
  await checkFolded(world);
};
