import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import { line, openChaos } from './open-chaos.ts';

/** Lets a process write its files up to so many bytes and no further, which SQLite meets as an error of the disk. */
const limitFiles = (pid: number, bytes: string): void => {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
};

/** Before anything that SQLite writes to a journal, behind what activities write down. */
const WITHIN_THE_FIRST_PAGE = 16_384;

const cases: readonly (readonly [string, (journal: string) => number])[] = [
  ['has no room', (journal) => statSync(journal).size],
  ['takes nothing', () => WITHIN_THE_FIRST_PAGE],
];

it.each(cases)(
  'a server whose disk %s says so, accepts nothing, and goes on when it does',
  async (name, limit) => {
    const chaos = openChaos({
      env: { SAGALOG_LOG: 'info' },
      openLog: (path) => openSqliteLog({ path }),
    });
    const server = await chaos.start();
    await chaos.load.ask(server, 8);
    limitFiles(server.pid, String(limit(join(chaos.data, 'events.db-wal'))));

    const asking = chaos.load.ask(server);
    const readiness = async (): Promise<string> => (await server.get('/readyz')).body;
    await expect
      .poll(readiness)
      .toMatch(/"log":\{"ok":false,"problem":"Expected the log [^"]+ to answer, but: [^"]*disk/);
    await expect.poll(server.log).toContain('The log cannot be written; trying again.');
    expect(await server.get('/healthz')).toMatchObject({ status: 200 });

    limitFiles(server.pid, 'unlimited');
    await asking;
    await expect.poll(readiness).toContain('"ready":true');
    await expect.poll(server.log).toContain('The log can be written again.');
    expect(await server.kill('SIGTERM')).toBe(0);

    const counts = await chaos.finish();
    console.log(line(`a disk that ${name}`, counts));
  },
);
