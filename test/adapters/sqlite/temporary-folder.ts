import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that goes when the test is finished. */
export const temporaryFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'event-log-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};
