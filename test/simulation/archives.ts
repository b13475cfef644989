import { createHash } from 'node:crypto';
import { ArchiveNotFound, type Archives } from '../../src/ports/archives.ts';

/** Archives in memory, as nodes that share a folder have them. */
export interface SimulatedArchives extends Archives {
  readonly names: readonly string[];
}

/** No archives yet. What a node was writing when it was lost is none. */
export const simulatedArchives = (): SimulatedArchives => {
  const kept = new Map<string, readonly string[]>();
  return {
    get names() {
      return [...kept.keys()];
    },
    write: async (title, lines) => {
      const written: string[] = [];
      for await (const line of lines) written.push(line);
      const text = written.join('\n');
      const digest = createHash('sha256').update(text).digest('hex');
      const name = `${title}-${digest.slice(0, 12)}`;
      kept.set(name, written);
      return { name, digest: `sha256:${digest}`, bytes: Buffer.byteLength(text) };
    },
    read: async function* (name) {
      const lines = kept.get(name);
      if (lines === undefined) throw new ArchiveNotFound(name);
      yield* lines;
    },
  };
};
