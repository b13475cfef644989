import { MessageChannel, Worker } from 'node:worker_threads';
import { remoteProjector } from './projections/projector-channel.ts';
import type { Projector } from './projections/projector.ts';

/** What the thread is started with. */
export interface ProjectorThreadData {
  /** Folder of the embedded stores. */
  readonly data: string;
  /** Wakes its subscription when the log grows. */
  readonly wake: SharedArrayBuffer;
}

const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './projector.worker.ts' : './projector.worker.js',
  import.meta.url,
);

/** Folds the embedded views in a thread of its own, so that the engine keeps its own. Rejects when it cannot start. */
export const startProjectorThread = async (data: ProjectorThreadData): Promise<Projector> => {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(WORKER, { workerData: { ...data, port: port2 }, transferList: [port2] });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  const projector = remoteProjector(port1);
  return {
    ...projector,
    stop: async () => {
      await projector.stop();
      await ended;
    },
  };
};
