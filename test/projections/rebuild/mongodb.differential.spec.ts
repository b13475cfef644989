import { openMongoReadModels } from '../../../src/adapters/mongodb/read-models.ts';
import { onMongo } from '../../servers/mongodb/on-mongo.ts';
import { openRunner } from '../runner.ts';
import { rebuildBehaviour } from './behaviour.ts';

onMongo('rebuilds', (mongo) => {
  rebuildBehaviour('MongoDB', async () => {
    const { url, drop } = await mongo.database();
    return openRunner({
      readModels: await openMongoReadModels({ url }),
      drop,
    });
  });
});
