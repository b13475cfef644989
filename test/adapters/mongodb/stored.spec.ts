import { Long, MongoClient, ObjectId } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databaseOf } from '../../../src/adapters/mongodb/names.ts';
import { onMongo } from '../../servers/mongodb/on-mongo.ts';
import { openReadModels } from './support.ts';

onMongo('what is stored', (mongo) => {
  it("shows documents and their indexes to MongoDB's own tools", async () => {
    const { url, drop } = await mongo.database();
    const client = new MongoClient(url);
    onTestFinished(() => client.close().then(drop));
    const readModels = await openReadModels(url, 10_000);
    const doc = { status: 'running', at: 1.5, step: null, done: true, steps: ['a'], 'a.b': 1, $c: 2 };

    await readModels.prepare('executions_1', [
      { fields: ['status', 'at'] },
      { each: 'steps', fields: ['at'] },
    ]);
    await readModels.write('executions_1', [
      { key: 'one', doc, position: 2n ** 62n + 1n, expected: undefined },
    ]);

    const collection = client.db().collection('executions_1');
    expect(await collection.find({}, { promoteLongs: false }).toArray()).toEqual([
      {
        _id: 'one',
        position: Long.fromBigInt(2n ** 62n + 1n),
        write: expect.any(ObjectId),
        fields: { status: 'running', at: 1.5 },
        lists: { steps: ['a'] },
        doc: JSON.stringify(doc),
      },
    ]);
    expect((await collection.indexes()).map(({ key }) => key)).toEqual([
      { _id: 1 },
      { 'fields.status': 1, 'fields.at': 1, _id: 1 },
      { 'lists.steps': 1, 'fields.at': 1, _id: 1 },
    ]);
  });

  it.each(['{not json', 'null', 5, null])('tells which document is %j', async (text) => {
    const { url, drop } = await mongo.database();
    const client = new MongoClient(url);
    onTestFinished(() => client.close().then(drop));
    const readModels = await openReadModels(url, 10_000);
    await readModels.prepare('things_1', []);
    const writes = ['a', 'b'].map((key) => ({ key, doc: { n: 1 }, position: 7n, expected: undefined }));
    await readModels.write('things_1', writes);
    const documents = client.db().collection<{ _id: string }>('things_1');
    await documents.updateOne({ _id: 'b' }, { $set: { doc: text } });
    const told = {
      code: 'READ_MODELS_CORRUPT',
      collection: 'things_1',
      stored: { key: 'b', position: 7n, text: String(text) },
    };
    await expect(readModels.load('things_1', ['a', 'b'])).rejects.toMatchObject(told);
    await expect(readModels.find('things_1', { limit: 9 })).rejects.toMatchObject(told);
    expect([...(await readModels.load('things_1', ['a'])).keys()]).toEqual(['a']);
    expect(await readModels.scan('things_1', 'a', 9)).toEqual([told.stored]);
  });
});

describe('the database', () => {
  it.each([
    ['mongodb://a', 'sagalog'],
    ['mongodb://a:1,b:2/', 'sagalog'],
    ['mongodb://a/?replicaSet=rs0', 'sagalog'],
    ['mongodb://me:p%2Fw@a,b/views?replicaSet=rs0', 'views'],
    ['mongodb+srv://a.example/my%20views', 'my views'],
  ])('of %s is %s', (url, name) => {
    expect(databaseOf(url)).toBe(name);
  });
});
