import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generateClient } from '../../clients/typescript/generate.ts';

it('the typed client is the one that the schema gives (npm run client writes it)', async () => {
  const committed = readFileSync(new URL('../../clients/typescript/generated.ts', import.meta.url), 'utf8');
  expect(committed).toBe(await generateClient());
});
