import { describe, expect, it } from 'vitest';
import type { WantedKey } from '../../src/domain/access/api-key.ts';
import { LogCorrupt, type EventLog } from '../../src/ports/event-log.ts';
import { handClock } from '../spec/clock.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { adminOf, openKeyNode } from './key-nodes.ts';

const wanted = (more: Partial<WantedKey> = {}): WantedKey => ({
  name: 'deploys',
  tenant: 'acme',
  roles: [{ role: 'operator', workflows: ['orders'] }],
  expiresAt: undefined,
  ...more,
});

const openNode = async (log?: EventLog) => {
  const clock = handClock();
  const at = log ?? (await temporaryLog());
  const node = openKeyNode(at, clock);
  await node.keys.begin();
  return { ...node, log: at, clock };
};

const refused = (found: string) =>
  expect.objectContaining({
    code: 'UNAUTHENTICATED',
    message: `Expected a key that is known here and counts, but ${found}.`,
  }) as object;

const told = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('a key', () => {
  it('says who has it, what that one may, and until when', async () => {
    const { keys, identify, clock, used } = await openNode();
    const expiresAt = clock.now() + 1_000;
    const { id, key = '', created } = await keys.create(wanted({ expiresAt }), undefined, adminOf('acme'));
    expect(created).toBe(true);
    expect(key).toMatch(new RegExp(`^sag_${id}_[A-Za-z0-9_-]{43}$`));
    expect(identify(key)).toEqual({
      actor: { id, kind: 'user', via: 'api_key' },
      access: { tenant: 'acme', grants: [{ role: 'operator', workflows: ['orders'] }] },
      user: id,
      until: expiresAt,
      ended: keys.of(id)?.revoked,
    });
    expect(used).toEqual([id]);
  });

  it('counts until it expires, and not then', async () => {
    const { keys, identify, clock, used } = await openNode();
    const expiresAt = clock.now() + 1_000;
    const { key = '' } = await keys.create(wanted({ expiresAt }), undefined, adminOf('acme'));
    clock.advance(999);
    identify(key);
    clock.advance(1);
    expect(told(() => identify(key))).toEqual(refused('it has expired'));
    expect(told(() => identify(key))).toMatchObject({ former: { tenant: 'acme' } });
    expect(used).toHaveLength(1);
  });

  it('needs its own secret', async () => {
    const { keys, identify, used } = await openNode();
    const one = await keys.create(wanted(), undefined, adminOf('acme'));
    const other = await keys.create(wanted(), undefined, adminOf('acme'));
    const [, , secret = ''] = /^sag_([^_]*)_(.*)$/.exec(other.key ?? '') ?? [];
    const unknown = '0190d3c8-5f0e-7000-8000-0123456789ab';
    for (const text of [
      `sag_${one.id}_${secret}`,
      `sag_${unknown}_${secret}`,
      `sag_${one.id}_`,
      `sag_${one.id}`,
      `${one.key ?? ''}A`,
      (one.key ?? '').slice(0, -1),
      'sag_',
      (one.key ?? '').toUpperCase().replace('SAG', 'sag'),
    ]) {
      expect(told(() => identify(text))).toEqual(refused('it is not'));
      // Nobody is on record whose secret it is not.
      expect(told(() => identify(text))).toMatchObject({ former: undefined });
    }
    expect(used).toEqual([]);
  });

  it('counts no longer once it is revoked, which whoever uses it hears of', async () => {
    const { keys, identify, log } = await openNode();
    const { id, key = '' } = await keys.create(wanted(), undefined, adminOf('acme'));
    const { ended } = identify(key);
    expect(await keys.revoke(id, 'lost', adminOf('acme'))).toEqual({
      changed: true,
      position: await log.end(),
    });
    expect(ended?.aborted).toBe(true);
    const unused = await keys.create(wanted(), undefined, adminOf('acme'));
    await keys.revoke(unused.id, 'never used', adminOf('acme'));
    expect(keys.of(unused.id)?.revoked.aborted).toBe(true);
    expect(told(() => identify(key))).toEqual(refused('it was revoked'));
    expect(told(() => identify(key))).toMatchObject({ former: { actor: { id, via: 'api_key' } } });
    expect(await keys.revoke(id, 'again', adminOf('acme'))).toEqual({
      changed: false,
      position: await log.end(),
    });
    expect((await keys.list()).map(({ revocation }) => revocation?.reason)).toEqual(['lost', 'never used']);
  });

  it('is made once for an idempotency key of a tenant, and told once', async () => {
    const { keys, log } = await openNode();
    const first = await keys.create(wanted(), 'of-deploys', adminOf());
    const position = await log.end();
    expect(await keys.create(wanted(), 'of-deploys', adminOf())).toEqual({
      id: first.id,
      key: undefined,
      created: false,
      position,
    });
    expect(await log.end()).toBe(position);
    const other = await keys.create(wanted({ tenant: 'beta' }), 'of-deploys', adminOf());
    expect(other).toMatchObject({ created: true });
    expect(other.id).not.toBe(first.id);
  });

  it('is refused that would count no more', async () => {
    const { keys, clock, log } = await openNode();
    const made = keys.create(wanted({ expiresAt: clock.now() }), undefined, adminOf());
    await expect(made).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'expiresAt' } });
    expect(await log.end()).toBe(0n);
  });
});

describe('an admin of a tenant', () => {
  it('gives keys of that tenant only', async () => {
    const { keys, log } = await openNode();
    for (const tenant of ['default', 'beta']) {
      const made = keys.create(wanted({ tenant }), undefined, adminOf('acme'));
      await expect(made).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: `Expected a key of your own tenant, but it is for "${tenant}".`,
      });
    }
    expect(await log.end()).toBe(0n);
    expect(await keys.create(wanted({ tenant: 'beta' }), undefined, adminOf())).toMatchObject({
      created: true,
    });
  });

  it('is told of a key of another that there is none', async () => {
    const { keys, identify, log } = await openNode();
    const { id, key = '' } = await keys.create(wanted(), 'a-key', adminOf('acme'));
    const end = await log.end();
    const unknown = '0190d3c8-5f0e-7000-8000-0123456789ab';
    for (const named of [id, unknown])
      await expect(keys.revoke(named, '', adminOf('beta'))).rejects.toMatchObject({
        code: 'API_KEY_NOT_FOUND',
        message: `Expected the id of a key, but there is none "${named}".`,
      });
    expect(identify(key).access.tenant).toBe('acme');
    expect(await log.end()).toBe(end);
    expect(await keys.revoke(id, '', adminOf())).toMatchObject({ changed: true });
  });
});

describe('the log', () => {
  it('has who gave a key and who revoked it, and never its secret', async () => {
    const { keys, log, clock, logger } = await openNode();
    const { id, key = '' } = await keys.create(wanted({ expiresAt: clock.now() + 5 }), undefined, adminOf());
    await keys.revoke(id, 'lost', adminOf('acme'));
    const events = await log.read('access-keys');
    const digest = events[0]?.facts['digest'];
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(events.map(({ type, facts, payload = '' }) => [type, facts, JSON.parse(payload)])).toEqual([
      [
        'access.key_created',
        { key: id, tenant: 'acme', digest, expiresAt: clock.now() + 5 },
        { name: 'deploys', roles: [{ role: 'operator', workflows: ['orders'] }] },
      ],
      ['access.key_revoked', { key: id, tenant: 'acme' }, { reason: 'lost' }],
    ]);
    expect(events.map(({ commit }) => [commit.metadata.actor.id, commit.metadata.tenant])).toEqual([
      ['admin of default', 'acme'],
      ['admin of acme', 'acme'],
    ]);
    const secret = key.slice(-43);
    const all = JSON.stringify([events, logger.lines], (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(all).not.toContain(secret);
  });
});

describe('a second node', () => {
  it('takes keys that were given before it was there, and hears of those that are given and revoked', async () => {
    const log = await temporaryLog();
    const one = await openNode(log);
    const before = await one.keys.create(wanted(), undefined, adminOf());
    const two = await openNode(log);
    const later = await one.keys.create(wanted(), undefined, adminOf());
    for (const { key = '', id } of [before, later]) {
      await expect.poll(() => told(() => two.identify(key))).toMatchObject({ user: id });
      const { ended } = two.identify(key);
      await one.keys.revoke(id, '', adminOf());
      await expect.poll(() => ended?.aborted).toBe(true);
      expect(told(() => two.identify(key))).toEqual(refused('it was revoked'));
    }
  });

  it('changes what another one made, and both at once make two', async () => {
    const log = await temporaryLog();
    const nodes = [await openNode(log), await openNode(log)] as const;
    const made = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((n) => nodes[n % 2 === 0 ? 0 : 1].keys.create(wanted(), undefined, adminOf())),
    );
    const ids = made.map(({ id }) => id).toSorted();
    for (const { keys } of nodes) expect((await keys.list()).map(({ id }) => id).toSorted()).toEqual(ids);
    for (const { id } of made)
      expect(await nodes[1].keys.revoke(id, '', adminOf())).toMatchObject({ changed: true });
  });
});

describe('a node', () => {
  it('tells nobody what a key may before it knows the keys, nor when it hears of none any more', async () => {
    const log = await temporaryLog();
    const { keys } = await openNode(log);
    const { key = '' } = await keys.create(wanted(), undefined, adminOf());
    let break_: () => void = () => undefined;
    const broken = new Promise<void>((resolve) => (break_ = resolve));
    const late = openKeyNode({
      ...log,
      // oxlint-disable-next-line require-yield -- It breaks before there is anything.
      subscribe: async function* () {
        await broken;
        throw new LogCorrupt('It is broken.');
      },
    });
    expect(told(() => late.identify(key))).toMatchObject({ code: 'UNAVAILABLE' });
    await late.keys.begin();
    expect(late.identify(key)).toMatchObject({ access: { tenant: 'acme' } });
    break_();
    await expect.poll(() => told(() => late.identify(key))).toMatchObject({ code: 'UNAVAILABLE' });
    expect(late.logger.lines).toHaveLength(1);
  });
});
