import { openMongoReadModels } from '../../../src/adapters/mongodb/read-models.ts';
import { readModelsConformance } from '../../conformance/read-models.conformance.ts';
import { onMongo } from '../../servers/mongodb/on-mongo.ts';

onMongo('read models', (mongo) => {
  readModelsConformance('MongoDB', async () => {
    const { url, drop } = await mongo.database();
    const readModels = await openMongoReadModels({ url });
    return { readModels, close: () => readModels.close().then(drop) };
  });
});
