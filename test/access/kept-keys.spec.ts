import { expect, it } from 'vitest';
import { evolveKey, type ApiKey } from '../../src/domain/access/api-key.ts';
import type { AccessEvent } from '../../src/domain/access/key-events.ts';
import { isSecretOf, keyPartsIn } from '../../src/domain/access/key-text.ts';
import { KEPT_SECRET } from '../replay/key-scenarios.ts';
import { readHistories, recordedEvents } from '../replay/history.ts';

const AT = Date.UTC(2026, 0, 31, 9) + 40;

it('keys that were given out before are what they were, and their secrets still count', () => {
  const history = readHistories().find(({ name }) => name === 'keys');
  const keys = new Map<string, ApiKey | undefined>();
  for (const { stream, type, facts, payload, commit } of history === undefined
    ? []
    : recordedEvents(history)) {
    if (stream !== 'access-keys') continue;
    const event = { type, facts, payload: JSON.parse(payload ?? 'null') as unknown } as AccessEvent;
    keys.set(event.facts.key, evolveKey(keys.get(event.facts.key), event, commit.metadata));
  }
  const roles = [{ role: 'operator', workflows: ['brief'], tags: ['eu'] }, { role: 'viewer' }];
  const [lost, other] = keys.values();
  expect([lost, other]).toEqual([
    {
      id: '6aad220a-1b7b-57d0-8eb9-fffb96a9a8a0',
      name: 'deploys',
      tenant: 'acme',
      roles,
      digest: expect.any(String) as string,
      createdAt: AT,
      createdBy: 'admin of default',
      expiresAt: undefined,
      revocation: { at: AT + 2_000, by: 'admin of acme', reason: 'lost' },
    },
    {
      id: expect.any(String) as string,
      name: 'deploys',
      tenant: 'acme',
      roles,
      digest: lost?.digest,
      createdAt: AT + 1_000,
      createdBy: 'admin of acme',
      expiresAt: AT + 61_000,
      revocation: undefined,
    },
  ]);
  expect(isSecretOf(lost?.digest ?? '', KEPT_SECRET)).toBe(true);
  expect(keyPartsIn(`sag_${lost?.id}_${KEPT_SECRET}`)).toEqual({ id: lost?.id, secret: KEPT_SECRET });
});
