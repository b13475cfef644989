import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { EventLog } from '../../../src/ports/event-log.ts';
import type { RetainerOptions } from '../../../src/engine/retention/retainer.ts';
import type { AuditDocument } from '../../../src/projections/audit.projection.ts';
import { liveDocuments } from '../../projections/stores.ts';
import * as s from '../../projections/samples.ts';
import { CALLER } from '../../spec/engine.ts';
import { happened } from '../../spec/given.ts';
import { openRetaining, ran } from './retaining.ts';

/** Three executions that were removed into an archive, and what the views had before; what is on record of that stays for ever. */
const removed = async () => {
  const at = await openRetaining();
  const live = async () => {
    const { audit, ...views } = await liveDocuments(at.readModels);
    expect(audit).toBeDefined();
    return views;
  };
  await at.happen(
    ...ran('a'),
    ...ran('b'),
    happened('execution-c', 1, s.started(), s.failed(1, 1)),
    happened('notification-n1', 2, s.notificationRequested('a')),
    happened('notification-n1', 3, s.notificationSent('a', 1)),
  );
  const before = await live();
  const [{ name } = { name: '' }] = (await at.retain())?.archives ?? [];
  const bringBack = async (archive = name, more: Partial<RetainerOptions> = {}) => {
    const outcome = await at.another(more).bringBack(archive, CALLER);
    await at.caughtUp();
    return outcome;
  };
  return { ...at, name, before, bringBack, live };
};

describe('what was removed', () => {
  it('is back as it was, and says so in the log', async () => {
    const at = await removed();
    expect(await at.shown()).toEqual([]);
    expect(await at.bringBack()).toEqual({
      workflow: 'ship_order',
      archive: at.name,
      restored: 3,
      unchanged: 0,
    });
    expect(await at.live()).toEqual(at.before);
    const last = (await at.log.read('execution-a')).at(-1);
    expect(last).toMatchObject({
      type: 'execution.restored',
      facts: { workflow: 'ship_order', archive: at.name, notifications: ['n1'] },
    });
    expect(last?.commit.metadata.actor).toEqual(CALLER.actor);
    const { audit } = await liveDocuments(at.readModels);
    const done = Object.values(audit ?? {}) as readonly object[] as readonly AuditDocument[];
    expect(
      done
        .filter(({ stream }) => stream.startsWith('execution-'))
        .map(({ operation, target }) => [operation, target]),
    ).toEqual(
      ['a', 'b', 'c'].flatMap((id) => [
        ['execution.removed', id],
        ['execution.restored', id],
      ]),
    );
  });

  it('is back once, however often that is asked for', async () => {
    const at = await removed();
    await at.bringBack();
    const end = await at.log.end();
    expect(await at.bringBack()).toMatchObject({ restored: 0, unchanged: 3 });
    expect(await at.log.end()).toBe(end);
    const outcomes = await Promise.all([at.bringBack(), at.bringBack()]);
    expect(outcomes).toMatchObject([{ restored: 0 }, { restored: 0 }]);
  });

  it('can be asked for anything again, and goes on', async () => {
    const at = await removed();
    await at.bringBack();
    const revision = (await at.log.head('execution-c'))?.revision ?? -1;
    expect(revision).toBe(3);
    await at.happenNext('execution-c', s.retried('pay'));
    expect((await at.live())['executions']?.['c']).toMatchObject({ status: 'running' });
    expect(await at.bringBack()).toMatchObject({ restored: 0, unchanged: 3 });
  });

  it('is kept for as long again as the definition says, and is then brought back from its last archive', async () => {
    const at = await removed();
    await at.bringBack();
    expect(await at.retain()).toMatchObject({ removed: 0 });
    at.clock.advance(1_001);
    const second = await at.retain();
    expect(second).toMatchObject({ removed: 3 });
    const last = second?.archives[0]?.name ?? '';
    await expect(at.bringBack()).rejects.toMatchObject({
      code: 'ARCHIVE_CONFLICT',
      message: expect.stringContaining(`a was removed into ${last}`),
      details: { conflicts: 3 },
    });
    expect(await at.shown()).toEqual([]);
    expect(await at.bringBack(last)).toMatchObject({ restored: 3 });
    expect(await at.live()).toEqual(at.before);
  });
});

describe('an archive is not brought back', () => {
  it.each(['nothing.ndjson.gz', '../archives/x', '.hidden', ''])('that there is not: %j', async (name) => {
    const at = await removed();
    await expect(at.another().bringBack(name, CALLER)).rejects.toMatchObject({ code: 'ARCHIVE_NOT_FOUND' });
  });

  it.each([
    ['a payload is another', (text: string) => gzipSync(text.replace('secret', 'public'))],
    ['it is cut off', (text: string) => gzipSync(text).subarray(0, 200)],
    ['lines are missing', (text: string) => gzipSync(text.split('\n').slice(0, 3).join('\n'))],
    ['it is none', () => Buffer.from('hello')],
  ])('when %s, and then nothing is', async (_, forge) => {
    const at = await removed();
    const text = gunzipSync(await readFile(join(at.folder, at.name))).toString();
    await writeFile(join(at.folder, at.name), forge(text));
    const end = await at.log.end();
    await expect(at.bringBack()).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
    expect(await at.log.end()).toBe(end);
  });

  it('of another log: where an id is not known, or is that of another execution', async () => {
    const at = await removed();
    const bytes = await readFile(join(at.folder, at.name));
    const other = await openRetaining();
    await writeFile(join(other.folder, at.name), bytes);
    await other.happen(...ran('a', 5));
    const end = await other.log.end();
    await expect(other.another().bringBack(at.name, CALLER)).rejects.toMatchObject({
      code: 'ARCHIVE_CONFLICT',
      message: `Expected what ${at.name} holds to have been removed into it, but a is another one in this log, b is not in this log, c is not in this log.`,
    });
    expect(await other.log.end()).toBe(end);
  });
});

class Crash extends Error {}

/** A log that dies before or behind the return of an execution, for good. */
const dying = (log: EventLog, moment: 'before' | 'behind', id: string): EventLog => {
  let isDead = false;
  const crash = (): never => {
    throw new Crash('Nothing goes on any more.');
  };
  return {
    ...log,
    append: async (commit) => {
      if (isDead) return crash();
      isDead = commit.stream === `execution-${id}`;
      if (isDead && moment === 'before') return crash();
      const appended = await log.append(commit);
      return isDead ? crash() : appended;
    },
  };
};

it.each(
  (['before', 'behind'] as const).flatMap((moment) => ['a', 'b', 'c'].map((id) => [moment, id] as const)),
)('a return that does not come to its end is gone on with: %s %s', async (moment, id) => {
  const at = await removed();
  await expect(at.bringBack(at.name, { log: dying(at.log, moment, id) })).rejects.toThrow(Crash);
  const { restored, unchanged } = await at.bringBack();
  expect(restored + unchanged).toBe(3);
  expect(await at.live()).toEqual(at.before);
});
