import { once } from 'node:events';
import { expect, it } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { defineActivity } from '../../src/index.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { deafPeer, NO_FRAME } from '../graphql/socket-peers.ts';
import { holdAppends } from '../spec/held-appends.ts';
import { ask, openServer } from './open-server.ts';

const REGISTER = 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }';
const START = 'mutation { startExecution(workflow: "held") { executionId } }';

const SOURCE = `execution:
  workflow: held
  activities:
    - name: hold
      activity: hold
`;

/** An activity whose calls are held until they are let go. */
const holding = () => {
  const called = Promise.withResolvers<void>();
  const release = Promise.withResolvers<string>();
  const run = (): Promise<string> => {
    called.resolve();
    return release.promise;
  };
  const activities = [{ activity: defineActivity({ name: 'hold', run }), from: 'the spec' }];
  return { activities, called: called.promise, letGo: () => release.resolve('held') };
};

it('waits for running calls though a peer breaks its connection while it is told that the server stops', async () => {
  const data = temporaryFolder();
  const { activities, called, letGo } = holding();
  const server = await openServer({ activities }, data);
  await ask(server, REGISTER, { source: SOURCE });
  const started = (await ask(server, START)) as { readonly startExecution: { readonly executionId: string } };
  await called;
  const peer = await deafPeer(Number(new URL(server.url).port));
  const told = once(peer, 'data');
  const closing = server.close();
  await told;
  peer.write(NO_FRAME);
  letGo();
  await closing;
  expect(server.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  const log = await openSqliteLog({ path: data });
  const events = await log.read(`execution-${started.startExecution.executionId}`);
  await log.close();
  expect(events.map(({ type }) => type).slice(-2)).toEqual(['step.completed', 'execution.completed']);
});

it('answers the commands that it was carrying out', async () => {
  const appends = holdAppends();
  const server = await openServer({ decorations: { log: appends.decorate } });
  const answer = ask(server, REGISTER, { source: SOURCE });
  await appends.begun;
  const closing = server.close();
  await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  appends.release();
  expect(await answer).toEqual({ registerWorkflow: { workflow: 'held' } });
  await closing;
});
