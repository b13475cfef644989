import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** An e-mail as it arrived. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
}

/** A server that takes e-mail on a free loopback port, for this test. */
export interface Smtp {
  readonly url: string;
  readonly port: number;
  readonly mails: readonly Mail[];
  /** Resolves once so many have arrived. */
  count(many: number): Promise<void>;
  close(): Promise<void>;
}

const closed = (server: SMTPServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
  });

/** Starts a server that takes e-mail. */
export const takeMail = async (options: SMTPServerOptions = {}, port = 0): Promise<Smtp> => {
  const mails: Mail[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onData: (stream, session, done) => {
      let source = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => (source += chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source,
        });
        done();
        for (const look of waiting) look();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve());
  });
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await closed(server);
  };
  onTestFinished(close);
  const address = server.server.address() as AddressInfo;
  const count = (many: number): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        if (mails.length >= many) resolve();
      };
      waiting.add(look);
      look();
    });
  return { url: `smtp://127.0.0.1:${address.port}`, port: address.port, mails, count, close };
};
