import type { Caller } from '../../src/commands/caller.ts';
import { Rejection, type RejectionCode } from '../../src/domain/rejection.ts';
import { LogUnavailable } from '../../src/ports/event-log.ts';
import { ReadModelsUnavailable } from '../../src/ports/read-models.ts';
import type { Cluster } from './cluster.ts';
import { ConnectionLost, type AnyCommand, type Answer } from './node.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Whoever the clients speak for. */
export const CLIENT: Caller = {
  actor: { id: 'client', kind: 'user', via: 'none' },
  tenant: 'default',
  traceparent: undefined,
};

/** What a client knows of its command in the end. */
export type Known =
  | { readonly what: 'answered'; readonly answer: Answer; readonly asked: number }
  | { readonly what: 'refused'; readonly code: RejectionCode }
  | { readonly what: 'unknown' };

/** Asks the server as clients do. */
export interface Client {
  /** Gives a command; one that may be repeated is repeated until something is known of it. */
  ask(about: string, command: AnyCommand, repeat: boolean): Promise<Known>;
  pass(ms: number): Promise<void>;
}

const MOST = 200;

const isUnknown = (error: unknown): boolean =>
  error instanceof ConnectionLost ||
  error instanceof LogUnavailable ||
  error instanceof ReadModelsUnavailable ||
  (error instanceof Rejection && error.code === 'UNAVAILABLE');

/** Clients of a cluster. */
export const createClient = (world: World, cluster: Cluster, random: Random): Client => {
  const { clients } = world;
  const pass = (ms: number) => new Promise<void>((resolve) => clients.after(ms, resolve));

  /** Asks once; `undefined` when nothing is known of what came of it. */
  const once = async (about: string, command: AnyCommand, asked: number): Promise<Known | undefined> => {
    let node = cluster.pick(random);
    for (; node === undefined; node = cluster.pick(random)) await pass(300);
    try {
      const answer = await node.execute(command);
      world.trace(`client: ${about} is answered at ${answer.position}`);
      return { what: 'answered', answer, asked };
    } catch (error) {
      world.trace(`client: ${about} fails: ${error instanceof Rejection ? error.code : String(error)}`);
      if (isUnknown(error)) return undefined;
      if (error instanceof Rejection) return { what: 'refused', code: error.code };
      world.broken('a command is answered or refused', { about, error: String(error) });
      return { what: 'unknown' };
    }
  };

  const ask: Client['ask'] = async (about, command, repeat) => {
    for (let asked = 1; ; asked += 1) {
      const known = await once(about, command, asked);
      if (known !== undefined) return known;
      if (!repeat) return { what: 'unknown' };
      if (asked > MOST) {
        world.broken('a command that is repeated is answered', { about });
        return { what: 'unknown' };
      }
      await pass(random.int(100, 3_000));
    }
  };

  return {
    pass,
    ask: (about, command, repeat) => world.waits(`a client: ${about}`, ask(about, command, repeat)),
  };
};
