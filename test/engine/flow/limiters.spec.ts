import { expect, test } from 'vitest';
import { createEnvelopes } from '../../../src/commands/envelope.ts';
import { createLimiters, type AtLimit } from '../../../src/engine/flow/limiters.ts';
import type { Logger } from '../../../src/ports/logger.ts';
import { handClock } from '../../spec/clock.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const attempt = (executionId: string): AtLimit => ({
  executionId,
  step: 'call',
  attempt: 1,
  workflow: 'busy',
  activity: 'call',
  limit: { gate: 'max_activities', limit: 1 },
});

test('an attempt whose turn comes while it is written down that it waits is let in', async () => {
  const log = await temporaryLog();
  const ids = countingIds();
  const silent = () => undefined;
  const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent };
  const over = new AbortController();
  const limiters = createLimiters({
    log,
    world: { clock: handClock(), ids },
    envelopes: createEnvelopes('a-node', ids),
    logger,
    over: over.signal,
    isOpen: async () => true,
  });
  const { signal } = new AbortController();
  const [first, second] = [attempt('first'), attempt('second')];
  expect(
    await limiters.enter(first, signal, async () => expect.unreachable('nobody is there')),
  ).toMatchObject({
    kind: 'in',
  });
  const entered = await limiters.enter(second, signal, () =>
    limiters.leave({ ...first, gate: 'max_activities', key: 'busy' }),
  );
  expect(entered).toMatchObject({ kind: 'in' });
  over.abort();
});
