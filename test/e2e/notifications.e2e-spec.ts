import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import type { OfNotification } from '../../src/domain/notification/events.ts';
import { listen, type Arrived, type Loopback } from '../activities/loopback.ts';
import { takeMail } from '../adapters/notifiers/smtp.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { notificationsIn } from '../engine/notifications/open-notified.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

const FIXTURE = fileURLToPath(new URL('notifications', import.meta.url));
const START = 'mutation { startExecution(workflow: "unlucky") { executionId } }';
const NOTIFICATIONS = `query ($id: ID!, $waitFor: Position) {
  execution(id: $id, waitFor: $waitFor) {
    status
    notifications(first: 10, waitFor: $waitFor) {
      nodes { id channel recipient status attempts about subject text errorType error { type message } }
    }
  }
}`;

type Answer = (response: ServerResponse, request: Arrived) => void;

/** A receiver whose answers to each path are given; the last one holds for all that follow. */
const receive = async (answers: Readonly<Record<string, readonly Answer[]>>): Promise<Receiver> => {
  const counts = new Map<string, number>();
  const waiting = new Set<() => void>();
  const server: Loopback = await listen((request, response) => {
    const path = request.url ?? '';
    const n = counts.get(path) ?? 0;
    counts.set(path, n + 1);
    const all = answers[path] ?? [];
    const last = server.arrived.at(-1);
    if (last !== undefined) (all[n] ?? all.at(-1))?.(response, last);
    for (const wake of waiting) wake();
  });
  onTestFinished(() => server.close());
  return {
    ...server,
    at: (path) => server.arrived.filter(({ url }) => url === path),
    count: (path, many) =>
      new Promise((resolve) => {
        const look = () => {
          if ((counts.get(path) ?? 0) >= many) resolve();
        };
        waiting.add(look);
        look();
      }),
  };
};

interface Receiver extends Loopback {
  at(path: string): readonly Arrived[];
  count(path: string, many: number): Promise<void>;
}

const takes: Answer = (response) => void response.writeHead(204).end();
const refuses =
  (status: number): Answer =>
  (response) =>
    void response.writeHead(status).end('not now');
const hangs: Answer = () => undefined;

const environment = (data: string, origin: string, smtp: string) => {
  const recipients = join(data, 'recipients.yaml');
  writeFileSync(
    recipients,
    `admins:
  email: ops@example.org
  slack: { secret: SLACK }
  webhook: { url: '${origin}/admins', secret: HOOK }
hook:
  webhook: { url: '${origin}/hook', secret: HOOK }
`,
  );
  return {
    SAGALOG_DATA: data,
    SAGALOG_WORKFLOWS: FIXTURE,
    SAGALOG_RECIPIENTS: recipients,
    SAGALOG_SECRET_HOOK: 'hush-hush',
    SAGALOG_SECRET_SLACK: `${origin}/services/hush-hush`,
    SAGALOG_SMTP_URL: smtp,
    SAGALOG_NOTIFY_TIMEOUT: '1s',
  };
};

/** Everything that a stopped server's log holds of notifications, by recipient and channel. */
const notificationsOf = async (data: string): Promise<ReadonlyMap<string, readonly RecordedEvent[]>> => {
  const log = await openSqliteLog({ path: data });
  const events = await notificationsIn(log);
  await log.close();
  return Map.groupBy(events, ({ facts }) => {
    const { recipient, channel } = facts as unknown as OfNotification;
    return `${recipient} ${channel}`;
  });
};

const typesOf = (events: readonly RecordedEvent[] = []) =>
  events.map(({ type, facts }) => [type.slice('notification.'.length), facts['errorType'] ?? '']);

const start = async (server: ServerProcess): Promise<string> =>
  (await server.query<{ startExecution: { executionId: string } }>(START)).startExecution.executionId;

describe('notifications', () => {
  it('reach whoever they are for, though all of them are away or too slow at first', async () => {
    const data = temporaryFolder();
    const receiver = await receive({
      '/hook': [refuses(503), hangs, takes],
      '/admins': [refuses(410)],
      '/services/hush-hush': [refuses(500), takes],
    });
    let refused = 0;
    const smtp = await takeMail({
      onMailFrom: (_address, _session, done) => {
        refused += 1;
        if (refused === 1) done(Object.assign(new Error('not now'), { responseCode: 451 }));
        else done();
      },
    });
    const env = environment(data, receiver.origin, smtp.url);
    const server = await startServerProcess(env);
    const id = await start(server);
    await receiver.count('/hook', 3);
    await receiver.count('/services/hush-hush', 2);
    await receiver.count('/admins', 1);
    await smtp.count(1);
    await server.kill('SIGTERM');
    expect(server.log()).toBe('');

    const found = await notificationsOf(data);
    expect(Object.fromEntries([...found].map(([target, events]) => [target, typesOf(events)]))).toEqual({
      'hook webhook': [
        ['requested', ''],
        ['failed', 'Http503'],
        ['failed', 'Timeout'],
        ['sent', ''],
      ],
      'admins webhook': [
        ['requested', ''],
        ['failed', 'Http410'],
        ['dead_lettered', 'Http410'],
      ],
      'admins email': [
        ['requested', ''],
        ['failed', 'Smtp451'],
        ['sent', ''],
      ],
      'admins slack': [
        ['requested', ''],
        ['failed', 'Http500'],
        ['sent', ''],
      ],
    });
    expect(smtp.mails).toMatchObject([{ to: ['ops@example.org'] }]);
    const stored = JSON.stringify([...found.values()].flat(), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(stored).not.toContain('hush-hush');

    const again = await startServerProcess(env);
    const answer = await again.query<Answered>(NOTIFICATIONS, { id });
    const { status, notifications } = answer.execution;
    expect(status).toBe('FAILED');
    const dead = notifications.nodes.find((node) => node['status'] === 'DEAD_LETTERED');
    expect(notifications.nodes).toHaveLength(4);
    expect(dead).toMatchObject({
      channel: 'WEBHOOK',
      recipient: 'admins',
      attempts: 1,
      about: 'execution.failed',
      subject: 'unlucky failed at fail: Unlucky',
      errorType: 'Http410',
      error: { type: 'Http410' },
    });
    const resend = 'mutation ($id: ID!) { resendNotification(id: $id, reason: "mended") { position } }';
    await again.query(resend, { id: dead?.['id'] });
    await receiver.count('/admins', 2);
    const attempts = receiver.at('/admins').map(({ headers }) => headers['sagalog-attempt']);
    expect(attempts).toEqual(['1', '2']);
    await again.kill('SIGTERM');
  });

  it('that were asked for and not sent when the server was killed are sent by the next one', async () => {
    const data = temporaryFolder();
    const receiver = await receive({
      '/hook': [takes],
      '/admins': [hangs, takes],
      '/services/hush-hush': [hangs, takes],
    });
    const smtp = await takeMail();
    const env = { ...environment(data, receiver.origin, smtp.url), SAGALOG_NOTIFY_TIMEOUT: '5m' };
    const server = await startServerProcess(env);
    await start(server);
    await receiver.count('/admins', 1);
    await receiver.count('/services/hush-hush', 1);
    await server.kill('SIGKILL');

    const next = await startServerProcess(env);
    await receiver.count('/admins', 2);
    await receiver.count('/services/hush-hush', 2);
    await next.kill('SIGTERM');
    const found = await notificationsOf(data);
    const targets = ['admins webhook', 'admins slack', 'hook webhook'];
    const sent = [
      ['requested', ''],
      ['sent', ''],
    ];
    expect(targets.map((target) => typesOf(found.get(target)))).toEqual([sent, sent, sent]);
    const ids = receiver.at('/admins').map(({ headers }) => headers['sagalog-notification']);
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(2);
  });

  it('are not sent by a server whose recipients are wrong: it does not start, and says all that is', async () => {
    const data = temporaryFolder();
    const path = join(data, 'recipients.yaml');
    writeFileSync(path, 'a: { emial: a@b }\nb: { webhook: { url: "http://h", secret: NOT_SET } }\n');
    const failing = startServerProcess({ SAGALOG_DATA: data, SAGALOG_RECIPIENTS: path });
    const { message } = await failing.then(
      () => new Error('Expected the server not to start, but it did.'),
      (error: Error) => error,
    );
    expect(message).toContain(`${path}:1:1: Expected "email", "slack" or "webhook" here`);
    expect(message).toContain(`${path}:1:6: Expected a field of how somebody is reached`);
    expect(message).toContain(`${path}:2:42: Expected the secret that is named here`);
    const none = startServerProcess({ SAGALOG_DATA: data, SAGALOG_RECIPIENTS: join(data, 'none') });
    await expect(none).rejects.toThrow('expected a file that can be read');
  });
});

interface Answered {
  readonly execution: {
    readonly status: string;
    readonly notifications: { readonly nodes: readonly Readonly<Record<string, unknown>>[] };
  };
}
