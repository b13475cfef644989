import { openMongoReadModels } from '../../../src/adapters/mongodb/read-models.ts';
import { longWindowsConformance } from '../../conformance/long-windows.conformance.ts';
import { onMongo } from '../../servers/mongodb/on-mongo.ts';

onMongo('long windows', (mongo) => {
  longWindowsConformance('MongoDB', async () => {
    const { url, drop } = await mongo.database();
    const readModels = await openMongoReadModels({ url });
    return { readModels, close: () => readModels.close().then(drop) };
  });
});
