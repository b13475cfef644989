import { availableParallelism, totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';
import { LIMITS } from '../src/graphql/driver/limits.ts';

const refused = (env: Readonly<Record<string, string>>): readonly string[] => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      port: 4000,
      access: { jwt: undefined, adminKey: undefined, trustedProxies: [] },
      limits: LIMITS,
      host: '127.0.0.1',
      data: './data',
      cpu: availableParallelism() * 1_000,
      memory: expect.any(Number),
      eventStoreUrl: undefined,
      mongoUrl: undefined,
      operations: undefined,
      workflows: undefined,
      activities: undefined,
      maxPayload: 524_288,
      maxPending: 10_000,
      logLevel: 'info',
      node: 'local',
      partitions: 16,
      recipients: undefined,
      smtpUrl: undefined,
      smtpFrom: 'sagalog@localhost',
      notifyTimeout: 10_000,
      lease: 15_000,
      viewsBehind: undefined,
      retention: undefined,
      archives: './data/archives',
    });
    const machine = Math.floor(totalmem() / 2 ** 20);
    expect(readConfig({}).memory).toBeGreaterThan(0);
    expect(readConfig({}).memory).toBeLessThanOrEqual(machine);
  });

  it('takes what the environment says', () => {
    const config = readConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      SAGALOG_ADMIN_KEY: 'a-key-that-nobody-has-to-guess-here',
      SAGALOG_JWT_KEYS: 'https://issuer.example/keys',
      SAGALOG_JWT_ISSUER: 'https://issuer.example',
      SAGALOG_JWT_AUDIENCE: 'sagalog',
      SAGALOG_JWT_TOLERANCE: '10s',
      SAGALOG_JWT_CLAIMS: 'roles=realm_access.roles, tenant=org',
      SAGALOG_TRUSTED_PROXIES: '10.0.0.7, fd00::/8',
      SAGALOG_DATA: '/var/lib/sagalog',
      SAGALOG_CPU: '1500m',
      SAGALOG_MEMORY: '2.5Gi',
      EVENTSTORE_URL: 'esdb+discover://cluster.example:2113',
      MONGODB_URL: 'mongodb://one,two/views?replicaSet=rs0',
      SAGALOG_WORKFLOWS: 'workflows',
      SAGALOG_ACTIVITIES: 'activities',
      SAGALOG_MAX_PAYLOAD: '1024',
      SAGALOG_LIMITS: 'depth=8',
      SAGALOG_OPERATIONS: 'operations.json',
      SAGALOG_LOG: 'debug',
      SAGALOG_NODE: 'node-1',
      SAGALOG_PARTITIONS: '64',
      SAGALOG_LEASE: '30s',
      SAGALOG_VIEWS_BEHIND: '15ms',
      SAGALOG_RETENTION: '15m',
      SAGALOG_ARCHIVES: '/var/lib/archives',
      SAGALOG_MAX_PENDING: '500',
      SAGALOG_RECIPIENTS: 'recipients.yaml',
      SAGALOG_SMTP_URL: 'smtps://robot:hush@mail.example',
      SAGALOG_SMTP_FROM: 'Sagalog <sagalog@example.org>',
      SAGALOG_NOTIFY_TIMEOUT: '2s',
    });
    expect(config).toEqual({
      port: 0,
      limits: { ...LIMITS, depth: 8 },
      operations: 'operations.json',
      host: '0.0.0.0',
      access: {
        jwt: {
          secret: undefined,
          keys: 'https://issuer.example/keys',
          issuer: 'https://issuer.example',
          audience: 'sagalog',
          tolerance: 10_000,
          claims: { roles: 'realm_access.roles', tenant: 'org', workflows: 'workflows', tags: 'tags' },
        },
        adminKey: 'a-key-that-nobody-has-to-guess-here',
        trustedProxies: ['10.0.0.7', 'fd00::/8'],
      },
      data: '/var/lib/sagalog',
      cpu: 1_500,
      memory: 2_560,
      eventStoreUrl: 'esdb+discover://cluster.example:2113',
      mongoUrl: 'mongodb://one,two/views?replicaSet=rs0',
      workflows: 'workflows',
      activities: 'activities',
      maxPayload: 1_024,
      maxPending: 500,
      logLevel: 'debug',
      node: 'node-1',
      partitions: 64,
      recipients: 'recipients.yaml',
      smtpUrl: 'smtps://robot:hush@mail.example',
      smtpFrom: 'Sagalog <sagalog@example.org>',
      notifyTimeout: 2_000,
      lease: 30_000,
      viewsBehind: 15,
      retention: 900_000,
      archives: '/var/lib/archives',
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it.each(['', '  '])('takes %j for nothing', (empty) => {
    expect(readConfig({ PORT: empty, MONGODB_URL: empty, SAGALOG_DATA: empty })).toEqual(readConfig({}));
  });

  it.each([
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['PORT', '4e3', 'a whole number from 0 to 65535'],
    ['PORT', 'http', 'a whole number from 0 to 65535'],
    ['SAGALOG_CPU', 'two', 'a number of cores such as 2, 0.5 or 500m'],
    ['SAGALOG_CPU', '0', 'a number of cores such as 2, 0.5 or 500m'],
    ['SAGALOG_MEMORY', '2GB', 'a size such as 512Mi or 2Gi'],
    ['SAGALOG_MEMORY', '1023Ki', 'a size such as 512Mi or 2Gi'],
    ['SAGALOG_MAX_PAYLOAD', '512KiB', 'a whole number from 1024 to 1000000'],
    ['SAGALOG_MAX_PENDING', '0', 'a whole number from 1 to 1000000'],
    ['SAGALOG_PARTITIONS', '0', 'a whole number from 1 to 1024'],
    ['SAGALOG_NOTIFY_TIMEOUT', '99ms', 'a duration from 100ms to 5m'],
    ['SAGALOG_LEASE', '15', 'a duration from 500ms to 10m'],
    ['SAGALOG_LEASE', '499ms', 'a duration from 500ms to 10m'],
    ['SAGALOG_VIEWS_BEHIND', '0s', 'a duration from 1ms to 10s'],
    ['SAGALOG_RETENTION', '15', 'a duration from 1s to 24d'],
    ['SAGALOG_RETENTION', '25d', 'a duration from 1s to 24d'],
    ['SAGALOG_JWT_KEYS', 'http://issuer.example/keys', 'a file, or a URL that begins with https://'],
    ['SAGALOG_JWT_TOLERANCE', '6m', 'a duration from 0s to 5m'],
    ['SAGALOG_JWT_CLAIMS', 'role=x', 'names of claims such as'],
    ['SAGALOG_JWT_CLAIMS', 'roles', 'names of claims such as'],
    ['SAGALOG_TRUSTED_PROXIES', 'proxy.example', 'addresses or networks such as'],
    ['SAGALOG_TRUSTED_PROXIES', '10.0.0.0/33', 'addresses or networks such as'],
    ['HOST', '0.0.0.0', 'an address of this machine alone'],
    ['HOST', '10.0.0.1', 'an address of this machine alone'],
    ['SAGALOG_LOG', 'verbose', 'one of trace, debug, info, warn, error, silent'],
  ])('refuses %s=%s, and says what it expected', (name, found, expected) => {
    const [problem, ...more] = refused({ [name]: found });
    expect(problem).toContain(`${name}: expected ${expected}`);
    expect(problem).toContain(`but found ${JSON.stringify(found)}.`);
    expect(more).toEqual([]);
  });

  const URLS = {
    EVENTSTORE_URL: 'esdb:// or esdb+discover:// or kurrentdb:// or kurrentdb+discover://',
    MONGODB_URL: 'mongodb:// or mongodb+srv://',
    SAGALOG_SMTP_URL: 'smtp:// or smtps://',
  };

  it.each([
    ['EVENTSTORE_URL', 'http://admin:hush@127.0.0.1:2113'],
    ['EVENTSTORE_URL', 'esdb://'],
    ['EVENTSTORE_URL', 'esdb://admin:hush@'],
    ['EVENTSTORE_URL', 'admin:hush@127.0.0.1:2113'],
    ['EVENTSTORE_URL', 'esdb:admin:hush@127.0.0.1:2113'],
    ['MONGODB_URL', 'root:hush@127.0.0.1:27017'],
    ['MONGODB_URL', 'mongo://root:hush@127.0.0.1:27017'],
    ['MONGODB_URL', 'mongodb://root:hush@/views'],
    ['SAGALOG_SMTP_URL', 'robot:hush@mail.example'],
    ['SAGALOG_SMTP_URL', 'http://robot:hush@mail.example'],
    ['SAGALOG_SMTP_URL', 'smtp://'],
    ['SAGALOG_SMTP_URL', 'smtp://robot:hush@mail.example:smtp'],
  ] as const)('refuses %s=%s without showing what may be a password', (name, found) => {
    expect(refused({ [name]: found })).toEqual([
      `${name}: expected a URL of a host that begins with ${URLS[name]}, but found another value.`,
    ]);
  });

  it.each([
    ['eventStoreUrl', 'EVENTSTORE_URL', 'kurrentdb+discover://admin:hush@one:2113,two:2113?tls=false'],
    ['mongoUrl', 'MONGODB_URL', 'mongodb://root:hush@one:27017,two:27017/views?replicaSet=rs0'],
    ['smtpUrl', 'SAGALOG_SMTP_URL', 'smtp://robot:hush@mail.example:587'],
  ] as const)('takes as %s what %s says', (field, name, found) => {
    expect(readConfig({ [name]: found })[field]).toBe(found);
  });

  it.each([
    ['SAGALOG_JWT_SECRET', 'hush'],
    ['SAGALOG_ADMIN_KEY', 'hush'],
    ['SAGALOG_ADMIN_KEY', 'a key that no header could carry as it is'],
  ])('refuses %s=%s without showing it', (name, found) => {
    const [problem] = refused({ [name]: found });
    expect(problem).toContain(`${name}: expected at least 32 characters that nobody can guess`);
    expect(problem).not.toContain(found);
  });

  it('refuses to be told whose tokens it takes, but not by which keys', () => {
    expect(refused({ SAGALOG_JWT_ISSUER: 'https://issuer.example' })).toEqual([
      expect.stringContaining('SAGALOG_JWT_KEYS: expected where the keys are'),
    ]);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('asks nobody who they are at %s', (HOST) => {
    expect(readConfig({ HOST }).host).toBe(HOST);
  });

  it('names each process of a shared log differently, unless it is told how', () => {
    const env = { EVENTSTORE_URL: 'esdb://127.0.0.1:2113' };
    const names = [readConfig(env).node, readConfig(env).node];
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^.+-[0-9a-f]{6}$/);
    expect(readConfig({ ...env, SAGALOG_NODE: 'mine' }).node).toBe('mine');
  });

  it('names all that is wrong at once', () => {
    const problems = refused({ PORT: 'a', SAGALOG_LOG: 'b', MONGODB_URL: 'c' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['PORT', 'MONGODB_URL', 'SAGALOG_LOG']);
    expect(() => readConfig({ PORT: 'a' })).toThrow('The environment cannot be used:\n  PORT: expected');
  });
});
