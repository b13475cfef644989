import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { percentiles, round, type Latency } from './figures.ts';

/** What a durable write costs on a disk, whatever the program. */
export interface Floor {
  readonly perSecond: number;
  /** Milliseconds a write. */
  readonly latency: Latency;
}

const BLOCK = Buffer.alloc(4_096, 0x5a);

/** Appends 4 KiB and calls fdatasync, one after the other, `count` times, on the disk of `folder`. */
export const measureFloor = (folder: string, count = 2_000): Floor => {
  const own = mkdtempSync(join(folder, 'floor-'));
  const file = openSync(join(own, 'blocks'), 'w');
  const latencies: number[] = [];
  try {
    for (let written = 0; written < count; written += 1) {
      const from = performance.now();
      writeSync(file, BLOCK);
      fdatasyncSync(file);
      latencies.push(performance.now() - from);
    }
  } finally {
    closeSync(file);
    rmSync(own, { recursive: true });
  }
  const elapsed = latencies.reduce((sum, latency) => sum + latency, 0);
  return { perSecond: round((count * 1_000) / elapsed), latency: percentiles(latencies) };
};
