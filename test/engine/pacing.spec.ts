import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openCore } from '../../src/core.ts';
import type { Decorations } from '../../src/decorations.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { WAITING } from '../commands/commands.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { CALLER } from '../spec/engine.ts';

/** How long a start waits for views at most. */
const PATIENCE = 200;

/** Views that are written when they are let, and a patience that ends when it is told to. */
const held = () => {
  let open = Promise.withResolvers<void>();
  open.resolve();
  const patience = new Set<() => void>();
  const decorations: Decorations = {
    clock: (clock) => ({
      ...clock,
      after: (ms, fire) => {
        if (ms !== PATIENCE) return clock.after(ms, fire);
        patience.add(fire);
        return { cancel: () => void patience.delete(fire) };
      },
    }),
    readModels: (readModels) => ({
      ...readModels,
      write: async (...given) => {
        await open.promise;
        return readModels.write(...given);
      },
    }),
  };
  return {
    decorations,
    waits: () => patience.size > 0,
    hold: () => void (open = Promise.withResolvers()),
    release: () => open.resolve(),
    losePatience: () => patience.forEach((fire) => fire()),
  };
};

/** A server's core whose views hold the first execution, and no more of the second than was appended a moment ago. */
const open = async (env: Readonly<Record<string, string>>) => {
  const views = held();
  const core = await openCore({
    config: readConfig({ ...env, SAGALOG_DATA: temporaryFolder() }),
    logger: keepingLogger(),
    decorations: views.decorations,
  });
  onTestFinished(async () => {
    views.release();
    await core.close();
  });
  const start = async () => {
    const definition = await core.definitions.startable('waiting');
    const id = core.ids.next();
    const command = { type: 'start', id, trigger: 'manual', input: null, event: null } as const;
    return core.engine.executions.start(id, definition, command, CALLER);
  };
  /** Resolves when all that is durable has been so for more than a millisecond. */
  const older = () => new Promise<void>((resolve) => void core.clock.after(2, resolve));
  await core.start();
  await core.definitions.register(WAITING, CALLER);
  await start();
  await core.viewsCaughtUp();
  views.hold();
  await start();
  await older();
  return { core, views, start, older };
};

it('begins an execution when the views are not far behind, of a server that is told to', async () => {
  const { core, views, start } = await open({ SAGALOG_VIEWS_BEHIND: '1ms' });
  const end = await core.log.end();
  const starting = start();
  await expect.poll(views.waits).toBe(true);
  expect(await core.log.end()).toBe(end);
  views.release();
  expect((await starting).execution.position).toBeGreaterThan(end);
  expect(views.waits()).toBe(false);
});

it('begins it all the same when the views stand still, and then those behind it at once', async () => {
  const { views, start, older } = await open({ SAGALOG_VIEWS_BEHIND: '1ms' });
  const starting = start();
  await expect.poll(views.waits).toBe(true);
  views.losePatience();
  await starting;
  await older();
  expect((await start()).events).not.toEqual([]);
});

it('begins it at once unless it is told to', async () => {
  const { views, start } = await open({});
  expect((await start()).events).not.toEqual([]);
  expect(views.waits()).toBe(false);
});
