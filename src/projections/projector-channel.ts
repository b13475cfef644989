import type { MessagePort } from 'node:worker_threads';
import { createListeners } from './listeners.ts';
import { failureOf, reviveFailure, type SentFailure } from './sent-failure.ts';
import { stopped } from './patience.ts';
import type {
  EventFault,
  ProjectionProgress,
  ProjectionStatus,
  Projector,
  RebuildControl,
  RebuildOptions,
  RebuildOutcome,
  Rebuilt,
} from './projector.ts';

type Call =
  | { readonly method: 'status' }
  | {
      readonly method: 'waitFor';
      readonly position: bigint;
      readonly names: readonly string[];
      readonly timeout: number;
    }
  | { readonly method: 'rebuild'; readonly name: string; readonly options: RebuildOptions | undefined }
  | {
      readonly method: 'rebuildAll';
      readonly names: readonly string[] | undefined;
      readonly options: RebuildOptions | undefined;
    }
  | { readonly method: 'rollback' | 'retry' | 'stoppedAt'; readonly name: string }
  | { readonly method: 'control'; readonly name: string; readonly what: RebuildControl }
  | { readonly method: 'stop' };

type Request = Call & { readonly id: number };

type Reply =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: SentFailure }
  | { readonly kind: 'progress'; readonly progress: readonly ProjectionProgress[] };

const carryOut = (projector: Projector, call: Call): Promise<unknown> => {
  switch (call.method) {
    case 'status':
      return projector.status();
    case 'waitFor':
      return projector.waitFor(call.position, call.names, call.timeout);
    case 'rebuild':
      return projector.rebuild(call.name, call.options);
    case 'rebuildAll':
      return projector.rebuildAll(call.names, call.options);
    case 'rollback':
      return projector.rollback(call.name);
    case 'retry':
      return projector.retry(call.name);
    case 'stoppedAt':
      return projector.stoppedAt(call.name);
    case 'control':
      return projector.control(call.name, call.what);
    case 'stop':
      return projector.stop();
    default:
      return call satisfies never;
  }
};

/** Serves a projector to the other end of the port until it is stopped or the port is closed. */
export const serveProjector = (port: MessagePort, projector: Projector): void => {
  const send = (reply: Reply): void => port.postMessage(reply);
  const letGo = projector.onProgress((progress) => send({ kind: 'progress', progress }));
  const answer = async (request: Request): Promise<void> => {
    try {
      send({ kind: 'done', id: request.id, value: await carryOut(projector, request) });
    } catch (error) {
      send({ kind: 'failed', id: request.id, failure: failureOf(error) });
    }
    if (request.method === 'stop') port.close();
  };
  port.on('message', (request: Request) => void answer(request));
  port.on('close', letGo);
};

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** The projector that is served at the other end of the port. Errors keep their codes and details. */
export const remoteProjector = (port: MessagePort): Projector => {
  const pending = new Map<number, Pending>();
  const listeners = createListeners();
  let calls = 0;
  let closed = false;

  const settle = (reply: Reply): void => {
    if (reply.kind === 'progress') {
      listeners.tell(reply.progress);
      return;
    }
    const call = pending.get(reply.id);
    pending.delete(reply.id);
    if (reply.kind === 'done') call?.resolve(reply.value as never);
    else call?.reject(reviveFailure(reply.failure));
  };

  const call = <T>(request: Call): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (closed) {
        reject(stopped());
        return;
      }
      calls += 1;
      pending.set(calls, { resolve, reject });
      port.postMessage({ ...request, id: calls });
    });

  port.on('message', settle);
  port.on('close', () => {
    closed = true;
    for (const { reject } of pending.values()) reject(stopped());
    pending.clear();
  });

  return {
    status: () => call<readonly ProjectionStatus[]>({ method: 'status' }),
    waitFor: (position, names, timeout) => call<void>({ method: 'waitFor', position, names, timeout }),
    rebuild: (name, options) => call<Rebuilt>({ method: 'rebuild', name, options }),
    rebuildAll: (names, options) => call<readonly RebuildOutcome[]>({ method: 'rebuildAll', names, options }),
    rollback: (name) => call<Rebuilt>({ method: 'rollback', name }),
    retry: (name) => call<Rebuilt>({ method: 'retry', name }),
    stoppedAt: (name) => call<EventFault>({ method: 'stoppedAt', name }),
    control: (name, what) => call<void>({ method: 'control', name, what }),
    onProgress: listeners.add,
    stop: () => (closed ? Promise.resolve() : call<void>({ method: 'stop' })),
  };
};
