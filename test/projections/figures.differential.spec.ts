import { expect, it } from 'vitest';
import { openMongoReadModels } from '../../src/adapters/mongodb/read-models.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { onMongo } from '../servers/mongodb/on-mongo.ts';
import { happened } from '../spec/given.ts';
import * as g from './gate-samples.ts';
import { openRunner } from './runner.ts';
import * as s from './samples.ts';
import { documentsOf } from './stores.ts';

const PATIENCE = 60_000;

const started = s.stepStarted('pay');
const failed = s.stepFailed('each[3].pay', 5);

const history = [
  happened(
    'execution-a',
    1,
    s.started(),
    { ...started, facts: { ...started.facts, waited: 3 } },
    s.retryScheduled('pay', 5, 1, 100),
    g.stepRejected('pay'),
    // What users' code throws may be called anything.
    { ...failed, facts: { ...failed.facts, activity: 'pay', errorType: '$java.io.IOException' } },
  ),
  happened('breaker-pay', 2, g.breakerTurned('opened', 'a', 2)),
  { ...happened('execution-a', 5, s.failed(0, 5), s.retried('pay')), definition: 'sha256:1' },
];

onMongo('figures', (mongo) => {
  it('are the same documents there, whatever errors are called', async () => {
    const { url, drop } = await mongo.database();
    const runner = await openRunner({ readModels: await openMongoReadModels({ url }), drop });
    const projector = runner.start({ projections: PROJECTIONS });
    const end = await runner.happen(history);
    await projector.waitFor(end, ['durations', 'incidents'], PATIENCE);
    const { durations, incidents } = documentsOf(history);
    expect(Object.keys(incidents ?? {})).toHaveLength(2);
    expect(await runner.documents('incidents_1')).toEqual(incidents);
    expect(await runner.documents('durations_1')).toEqual(durations);
  });
});
