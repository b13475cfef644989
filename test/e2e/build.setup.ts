import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds what the end-to-end specs start. */
export const setup = (): void => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
};
