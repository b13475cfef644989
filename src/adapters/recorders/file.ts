import { open, type FileHandle } from 'node:fs/promises';
import { eventJson } from '../../domain/event-json.ts';
import type { Recorder } from '../../ports/recorder.ts';

/** Writes each event as a line of JSON behind those that are there; a batch is on the disk before it counts. */
export const fileRecorder = ({ name, from }: Pick<Recorder, 'name' | 'from'>, path: string): Recorder => {
  let file: FileHandle | undefined;
  return {
    name,
    from,
    record: async (events) => {
      file ??= await open(path, 'a');
      await file.appendFile(events.map((event) => `${JSON.stringify(eventJson(event))}\n`).join(''));
      await file.datasync();
    },
    close: async () => {
      await file?.close();
    },
  };
};
