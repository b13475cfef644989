import { expect, it } from 'vitest';
import { ProjectionFeeds } from '../../src/graphql/feed/projection-feeds.ts';
import { openRunner, watched } from '../projections/runner.ts';
import { settled } from '../projections/settled.ts';
import { runs } from '../projections/tally.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';

it('says how far a rebuild is, and that it is over', async () => {
  const runner = await openRunner();
  const begun = runner.start();
  const end = await runner.happen(runs(20));
  await begun.waitFor(end, ['tally'], 30_000);
  await begun.stop();
  let pausing: Promise<void> | undefined;
  const readModels = watched(runner.readModels, (method, about) => {
    if (method === 'write' && about === 'tally_2') pausing ??= projector.control('tally', 'pause');
  });
  const projector = runner.start({ readModels, batch: 10 });
  await settled(projector, ({ state }) => state === 'running');
  const feed = await new ProjectionFeeds(projector, systemClock()).open((all) =>
    all.map(({ rebuild }) => rebuild),
  );
  expect(await feed.next()).toEqual({ done: false, value: [null] });
  const rebuilt = projector.rebuild('tally', { maxShare: 0.9 });
  for await (const [rebuild] of feed) if (rebuild?.paused === true && rebuild.position > 0n) break;
  const last = await new ProjectionFeeds(projector, systemClock()).open((all) =>
    all.map(({ rebuild }) => rebuild),
  );
  expect((await last.next()).value).toMatchObject([
    { kind: 'rebuild', phase: 'folding', generation: 2, position: 10n, end, events: 10, maxShare: 0.9 },
  ]);
  await projector.control('tally', 'resume');
  await rebuilt;
  for await (const [rebuild] of last) if (rebuild === null) break;
  await pausing;
});
