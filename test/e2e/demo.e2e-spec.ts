import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';

const DEMO = fileURLToPath(new URL('../../dist/cli/demo.js', import.meta.url));

it('shows executions that succeeded, retried and were undone, and the figures, twice on the same data', async () => {
  const data = temporaryFolder();
  const run = () =>
    promisify(execFile)(process.execPath, ['--enable-source-maps', DEMO, '--exit'], {
      env: { PATH: process.env['PATH'], PORT: '0', SAGALOG_DATA: data, TZ: 'UTC' },
    });
  for (const times of [1, 2]) {
    const { stdout, stderr } = await run();
    expect(stderr).toBe('');
    expect(stdout).toContain('50 of 50 ended · 46 completed · 4 compensated · 0 failed · 6 retries');
    expect(stdout).toMatch(/One that went well\n\n {2}T-\d+-01 "Checkout[^]*tell_customer +completed/);
    expect(stdout).toMatch(
      /One with a retry[^]*assign_agent +failed[^]*→ retry\n[^]*\(attempt 2\) +completed/,
    );
    expect(stdout).toMatch(/was undone[^]*execution +compensated[^]*notify_team undone by withdraw_notice/);
    expect(stdout).toMatch(/p95 +p99/);
    expect(stdout).toMatch(new RegExp(`whole execution +${50 * times} `));
    expect(stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+\/graphql {2}in a browser/);
  }
});
