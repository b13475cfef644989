import { openMongoReadModels } from '../../../src/adapters/mongodb/read-models.ts';

const [url = '', uses] = process.argv.slice(2);
const readModels = await openMongoReadModels({ url, patience: 60_000 });
if (uses === 'used') {
  await readModels.prepare('things', [{ fields: ['n'] }]);
  await readModels.write('things', [{ key: 'a', doc: { n: 1 }, position: 1n, expected: undefined }]);
  await readModels.find('things', { where: [{ field: 'n', op: 'eq', value: 1 }], limit: 10 });
}
const pending = readModels.ping().then(
  () => 'answered',
  () => 'unavailable',
);
if (uses === 'used') await pending;
await readModels.close();
process.stdout.write(`closed, ${await pending}\n`);
