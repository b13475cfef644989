import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, describe } from 'vitest';
import { buildMongo, NoMongo } from './build.ts';
import { startMongo, type MongoServer } from './server.ts';

/** A database of one test's own. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Where a suite has its databases. */
export interface Mongo {
  /** A new database on the server that MONGODB_URL names, else on one that the suite starts. */
  database(): Promise<TestDatabase>;
}

const given = process.env['MONGODB_URL'];

// Here no hook's time limit holds, and the first build takes a minute.
const missing = await buildMongo(console.log).then(
  () => undefined,
  (error: unknown) => {
    if (error instanceof NoMongo) return error.message;
    throw error;
  },
);

const inDatabase = (url: string, name: string): string =>
  url.replace(/^([^:]+:\/\/[^/?]+)\/?[^?]*/, (_, servers: string) => `${servers}/${name}`);

const createMongo = (): Mongo => {
  let server: Promise<MongoServer> | undefined;
  afterAll(async () => (await server)?.stop());
  return {
    async database() {
      if (given === undefined) server ??= startMongo();
      const url = inDatabase(given ?? (await server)?.url ?? '', `sagalog_test_${randomUUID().slice(0, 8)}`);
      return {
        url,
        async drop() {
          const client = new MongoClient(url);
          await client.db().dropDatabase();
          await client.close();
        },
      };
    },
  };
};

const declareUnless = (skipped: boolean, name: string, declare: () => void): void => {
  if (skipped) console.error(`SKIPPED: ${name}. ${missing}`);
  describe.skipIf(skipped)(`On MongoDB: ${name}`, () => {
    declare();
  });
};

/** Declares a suite that needs MongoDB. Without any it is skipped and says so; a run that counts fails for it. */
export const onMongo = (name: string, declare: (mongo: Mongo) => void): void =>
  declareUnless(given === undefined && missing !== undefined, name, () => {
    declare(createMongo());
  });

/** Declares a suite that starts and ends servers of its own, whatever MONGODB_URL says. */
export const onOwnMongo = (name: string, declare: () => void): void =>
  declareUnless(missing !== undefined, name, declare);
