import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openCore } from '../src/core.ts';
import { temporaryFolder } from './adapters/sqlite/temporary-folder.ts';
import { keepingLogger, type Line } from './graphql/keeping-logger.ts';

const warningsWith = async (env: Readonly<Record<string, string>>): Promise<readonly Line[]> => {
  const data = temporaryFolder();
  const path = join(data, 'recipients.yaml');
  writeFileSync(path, 'admins: { email: ops@example.org }\n');
  const logger = keepingLogger();
  const config = readConfig({ SAGALOG_DATA: data, SAGALOG_RECIPIENTS: path, ...env });
  await (await openCore({ config, logger })).close();
  return logger.lines.filter(({ message }) => message.includes('SAGALOG_SMTP_URL'));
};

it('says at the start that nobody gets e-mail when no server takes it', async () => {
  expect(await warningsWith({})).toMatchObject([{ level: 'warn', fields: { recipients: ['admins'] } }]);
  expect(await warningsWith({ SAGALOG_SMTP_URL: 'smtp://127.0.0.1:25' })).toEqual([]);
});
