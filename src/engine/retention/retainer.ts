import { workflowNotFound } from '../../domain/definition/decide-workflow.ts';
import type { Retention } from '../../domain/definition/retention.ts';
import { Rejection } from '../../domain/rejection.ts';
import { whenAvailable } from '../../commands/append.ts';
import type { Caller } from '../../commands/caller.ts';
import type { Timer } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Imported, Retained, Retentions, RetentionStatus, Truncated } from '../../ports/retentions.ts';
import type { WorkflowRetention } from '../../ports/workflow-retention.ts';
import { OWNS_ALL, type Owned } from '../owned.ts';
import { importArchive } from './import-archive.ts';
import type { RetentionParts } from './parts.ts';
import { countRemovable, retain, type WhatToRemove } from './retain.ts';
import { createRetained, retentionUnderWay } from './retention-log.ts';
import { countTruncatable, truncate } from './truncate.ts';
import { followTruncations, truncationUnderWay } from './truncation-log.ts';
import { truncatedOf, type TruncationState } from '../../domain/truncation/state.ts';

/** Whoever removes what its definition says. */
const BY_RETENTION: Caller = {
  actor: { id: 'retention', kind: 'engine', via: 'internal' },
  tenant: 'default',
  traceparent: undefined,
};

/** What `createRetainer` needs. */
export interface RetainerOptions extends Omit<RetentionParts, 'ending'> {
  readonly definitions: WorkflowRetention;
  readonly logger: Logger;
  /** Which workflows it looks after by itself, by their names; all unless it says otherwise. */
  readonly owned?: Owned;
  /** Milliseconds between two looks of its own; it never looks by itself without it. */
  readonly every?: number;
}

/** What an operator asks to be removed. */
export interface RetainRequest {
  /** All that say how long they keep executions unless it is given. */
  readonly workflow?: string;
  /** What ended before this (ms since the Unix epoch); what is older than its workflow says unless it is given. */
  readonly before?: number;
  /** Only counts. */
  readonly dryRun: boolean;
}

/** Of which executions an operator asks that the streams be truncated. */
export interface TruncateRequest {
  /** All unless it is given. */
  readonly workflow?: string;
  /** Batches all of whose executions ended before this (ms since the Unix epoch); all unless it is given. */
  readonly before?: number;
  /** Only counts. */
  readonly dryRun: boolean;
}

/** Removes what is kept no longer. */
export interface Retainer extends Retentions {
  /**
   * Not before all workflows are known. Rejects with `WORKFLOW_NOT_FOUND`, with `NO_RETENTION` for a workflow that does not say how long where no time is
   * given, with `BAD_USER_INPUT` for a time to come, with `RETENTION_UNDER_WAY`, and as the stores do.
   */
  retain(request: RetainRequest, caller: Caller): Promise<readonly Retained[]>;
  /**
   * Gives up the streams of what was removed. Rejects with `WORKFLOW_NOT_FOUND`, `BAD_USER_INPUT` for a time to come,
   * and as `truncate` does.
   */
  truncate(request: TruncateRequest, caller: Caller): Promise<readonly Truncated[]>;
  /** Brings back what an archive of this node holds. Rejects as `importArchive` does. */
  bringBack(archive: string, caller: Caller): Promise<Imported>;
  /** Begins to look by itself. */
  begin(): void;
  /** Removes nothing more; resolves when nothing of it is under way. */
  close(): Promise<void>;
}

/** Removes what is kept no longer: one workflow after the other, each by one at a time. */
export const createRetainer = ({
  definitions,
  logger,
  owned = OWNS_ALL,
  every,
  ...given
}: RetainerOptions): Retainer => {
  const ending = new AbortController();
  const parts: RetentionParts = { ...given, ending: ending.signal };
  const { clock } = parts.world;
  const underWay = new Map<string, Promise<unknown>>();
  const removedOf = createRetained(parts.log);
  const readTruncations = followTruncations(parts.log);
  const truncations = (): Promise<TruncationState> => whenAvailable(clock, parts.over, readTruncations);
  let timer: Timer | undefined;
  let looking: Promise<void> | undefined;
  let truncating: Promise<Truncated> | undefined;

  const carryOut = async (what: WhatToRemove, dryRun: boolean, caller: Caller): Promise<Retained> => {
    const { workflow, before } = what;
    if (dryRun)
      return { workflow, before, removed: await countRemovable(parts, what), left: 0, archives: [] };
    if (underWay.has(workflow)) throw retentionUnderWay(workflow);
    const work = retain(parts, what, caller);
    underWay.set(workflow, work);
    try {
      return { before, ...(await work) };
    } finally {
      underWay.delete(workflow);
    }
  };

  const requireOver = (before: number | undefined, now: number): void => {
    if (before === undefined || before <= now) return;
    throw new Rejection('BAD_USER_INPUT', 'Expected a time that is over, but it is to come.', {
      field: 'before',
    });
  };

  const whatOf = (workflow: string, retention: Retention | undefined, before?: number): WhatToRemove => {
    const now = clock.now();
    requireOver(before, now);
    if (retention === undefined && before === undefined)
      throw new Rejection(
        'NO_RETENTION',
        `Expected a time, or a workflow that says how long executions are kept, but "${workflow}" does not.`,
        { field: 'workflow', found: workflow },
      );
    const { after = 0, archives = true } = retention ?? {};
    return { workflow, before: before ?? now - after, archives };
  };

  /** One after the other in this process, of whatever workflows. */
  const giveUp = async (
    { workflow, before }: { readonly workflow: string; readonly before: number | undefined },
    dryRun: boolean,
    caller: Caller,
  ): Promise<Truncated> => {
    const what = { workflow, ...(before === undefined ? {} : { before }) };
    if (dryRun) return countTruncatable(parts, what, await truncations());
    if (truncating !== undefined) throw truncationUnderWay();
    truncating = truncate(parts, what, caller);
    try {
      return await truncating;
    } finally {
      truncating = undefined;
    }
  };

  /** A server that starts does not know all workflows yet: nobody is told that there is nothing of those. */
  const allOf = async (names: () => readonly string[]): Promise<readonly string[]> => {
    await definitions.known();
    return names();
  };

  const requireKnown = async (workflow: string): Promise<string> => {
    await definitions.known(workflow);
    if (!definitions.names().includes(workflow)) throw workflowNotFound(workflow);
    return workflow;
  };

  const kept = (): readonly string[] =>
    definitions.names().filter((name) => definitions.retention(name) !== undefined);

  const statusOf = async (
    workflow: string,
    truncations: TruncationState,
  ): Promise<readonly RetentionStatus[]> => {
    const { after = null, archives = true } = definitions.retention(workflow) ?? {};
    const state = await whenAvailable(clock, parts.over, () => removedOf(workflow));
    if (after === null && state.batches === 0) return [];
    const archived = state.archived.flatMap(
      ({ archive: name, digest = '', bytes = 0, executions, from, to, at: archivedAt }) =>
        name === undefined ? [] : [{ name, digest, bytes, executions, from, to, archivedAt }],
    );
    const { removed, openSince = null, endedAt = null } = state;
    const { truncated } = truncatedOf(truncations, workflow);
    return [{ workflow, after, archives, openSince, endedAt, removed, truncated, archived }];
  };

  /** Removes what is due of those that this node looks after; what goes wrong is tried again the next time. */
  const look = async (): Promise<void> => {
    for (const workflow of kept()) {
      if (ending.signal.aborted) return;
      if (!owned.takes(workflow) || underWay.has(workflow)) continue;
      try {
        const what = whatOf(workflow, definitions.retention(workflow));
        const { removed, left } = await carryOut(what, false, BY_RETENTION);
        if (removed + left > 0) logger.info({ workflow, removed, left }, 'Removed what is kept no longer.');
      } catch (error) {
        if (!ending.signal.aborted)
          logger.warn(
            { workflow, err: error },
            'What is kept no longer cannot be removed; it is tried again.',
          );
      }
    }
  };

  const sleep = (): void => {
    if (every === undefined || ending.signal.aborted) return;
    timer = clock.after(every, () => {
      looking = look().finally(sleep);
    });
  };

  return {
    retain: async ({ workflow, before, dryRun }, caller) => {
      const meant = workflow === undefined ? await allOf(kept) : [await requireKnown(workflow)];
      const whats = meant.map((name) => whatOf(name, definitions.retention(name), before));
      const outcomes: Retained[] = [];
      for (const what of whats) outcomes.push(await carryOut(what, dryRun, caller));
      return outcomes;
    },
    status: async () => {
      const names = await allOf(definitions.names);
      const state = await truncations();
      return (await Promise.all(names.map((name) => statusOf(name, state)))).flat();
    },
    truncate: async ({ workflow, before, dryRun }, caller) => {
      const meant = workflow === undefined ? await allOf(definitions.names) : [await requireKnown(workflow)];
      requireOver(before, clock.now());
      const outcomes: Truncated[] = [];
      for (const name of meant) outcomes.push(await giveUp({ workflow: name, before }, dryRun, caller));
      return workflow === undefined
        ? outcomes.filter(({ truncated, left }) => truncated + left > 0)
        : outcomes;
    },
    bringBack: (archive, caller) => importArchive(parts, archive, caller),
    begin: sleep,
    close: async () => {
      ending.abort();
      timer?.cancel();
      await looking;
      await Promise.allSettled([...underWay.values(), truncating]);
    },
  };
};
