import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { onOwnMongo } from './on-mongo.ts';
import { startMongo } from './server.ts';

const connect = async () => {
  const server = await startMongo();
  const client = new MongoClient(server.url);
  onTestFinished(async () => {
    await client.close();
    await server.stop();
  });
  return { server, things: client.db('test').collection<{ _id: string; n: number }>('things') };
};

onOwnMongo('the server for tests', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'keeps what it answered for over %s, at its address',
    async (end) => {
      const { server, things } = await connect();
      await things.insertOne({ _id: 'one', n: 1 });

      await server.signal(end);
      await server.start();

      expect(await things.find().toArray()).toEqual([{ _id: 'one', n: 1 }]);
    },
  );

  it('lets one of many guarded updates win, as MongoDB does', async () => {
    const { things } = await connect();
    await things.insertOne({ _id: 'one', n: 0 });

    const answers = await Promise.all(
      Array.from({ length: 40 }, () => things.updateOne({ _id: 'one', n: 0 }, { $inc: { n: 1 } })),
    );

    expect(answers.filter(({ matchedCount }) => matchedCount === 1)).toHaveLength(1);
    expect(await things.findOne({ _id: 'one' })).toEqual({ _id: 'one', n: 1 });
  });
});
