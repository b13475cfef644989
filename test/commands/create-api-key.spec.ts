import { expect, it } from 'vitest';
import { CreateApiKey } from '../../src/commands/api-key-commands.ts';
import { CreateApiKeyHandler } from '../../src/commands/create-api-key.handler.ts';
import { adminOf, openKeyNode } from '../access/key-nodes.ts';
import { handClock } from '../spec/clock.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const WANTED = { name: 'a', roles: [{ role: 'admin' }], tenant: undefined, expiresAt: undefined } as const;

it('a key is made of the tenant of whoever asks, unless another is given', async () => {
  const { keys } = openKeyNode(await temporaryLog());
  const handler = new CreateApiKeyHandler(keys, handClock());
  const { id } = await handler.execute(new CreateApiKey(WANTED, undefined, adminOf('acme')));
  expect(keys.of(id)?.key.tenant).toBe('acme');
  const other = await handler.execute(new CreateApiKey({ ...WANTED, tenant: 'beta' }, undefined, adminOf()));
  expect(keys.of(other.id)?.key.tenant).toBe('beta');
});

it('no key is made where nobody is asked: it would count from the day on that somebody is', async () => {
  const log = await temporaryLog();
  const { keys } = openKeyNode(log);
  const handler = new CreateApiKeyHandler(keys, handClock());
  const anybody = { ...adminOf(), actor: { id: 'anonymous', kind: 'user', via: 'none' } } as const;
  expect(() => handler.execute(new CreateApiKey(WANTED, undefined, anybody))).toThrow(
    expect.objectContaining({ code: 'FORBIDDEN' }) as Error,
  );
  expect(await log.head('access-keys')).toBeUndefined();
});
