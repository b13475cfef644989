import type { Recorder } from './ports/recorder.ts';
import { START } from './ports/event-log.ts';
import { createCheckpoint, type CheckpointParts } from './engine/recorders/checkpoint.ts';
import type { Projector } from './projections/projector.ts';

/** Answers where the slowest stands of the views and the recorders, also of those that are stopped: nothing behind it is removed. */
export const retentionFloor =
  (parts: CheckpointParts, projector: Pick<Projector, 'status'>, recorders: readonly Recorder[]) =>
  async (): Promise<bigint> => {
    const views = (await projector.status()).map(({ position }) => position);
    const given = await Promise.all(recorders.map(({ name }) => createCheckpoint(parts, name).read()));
    const positions = [...views, ...given.map((position) => position ?? START)];
    return positions.reduce((least, at) => (at < least ? at : least), positions[0] ?? START);
  };
