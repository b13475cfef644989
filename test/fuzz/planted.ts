import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenOf } from '../access/tokens.ts';
import { startServerProcess, type ServerProcess } from '../e2e/server-process.ts';

/** What must never be seen, by the variable of the environment that says it. */
export const SECRETS = {
  SAGALOG_JWT_SECRET: 'planted-jwt-secret-of-thirty-two-characters',
  SAGALOG_ADMIN_KEY: 'planted-admin-key-of-thirty-two-characters',
  SAGALOG_SECRET_OPS_HOOK: 'planted-secret-that-webhooks-are-signed-with',
  SAGALOG_SECRET_PARTNER: 'planted-key-of-a-partner',
  SAGALOG_SECRET_SLACK: 'http://127.0.0.1:9/planted-slack-path',
  SAGALOG_SMTP_URL: 'smtp://robot:planted-smtp-password@127.0.0.1:9',
} as const;

/** What only one tenant says. */
export const SAID = 'planted-said-by-acme-only';

/** The parts of secrets that are secret. */
export const HIDDEN: readonly string[] = [
  ...Object.values(SECRETS).filter((secret) => !secret.includes('://')),
  'planted-slack-path',
  'planted-smtp-password',
];

const RECIPIENTS = `ops:
  email: ops@example.org
  webhook: { url: 'http://127.0.0.1:9/hook', secret: OPS_HOOK }
  slack: { secret: SLACK }
`;

/** A server that has secrets. */
export interface PlantedServer {
  readonly server: ServerProcess;
  readonly data: string;
  /** The header that says who somebody is. */
  readonly admin: Readonly<Record<string, string>>;
  as(claims: object): Promise<Readonly<Record<string, string>>>;
  close(): Promise<number | null>;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Starts the server that was built, as in production, on empty stores and with secrets of all kinds. */
export const startPlanted = async (env: Readonly<Record<string, string>> = {}): Promise<PlantedServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'sagalog-planted-'));
  const [data, recipients] = [join(folder, 'data'), join(folder, 'recipients.yaml')];
  await writeFile(recipients, RECIPIENTS);
  const server = await startServerProcess({
    NODE_ENV: 'production',
    SAGALOG_DATA: data,
    SAGALOG_RECIPIENTS: recipients,
    ...SECRETS,
    ...env,
  });
  return {
    server,
    data,
    admin: bearer(SECRETS.SAGALOG_ADMIN_KEY),
    as: async (claims) => bearer(await tokenOf({ roles: ['admin'], ...claims }, SECRETS.SAGALOG_JWT_SECRET)),
    close: async () => {
      const code = await server.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
};
