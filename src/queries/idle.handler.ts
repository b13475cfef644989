import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { HISTORIES, VIEWS } from '../ports/tokens.ts';
import type { TimelineDocument } from '../projections/timeline-document.ts';
import type { Histories } from './as-of/histories.ts';
import { createIdleTime, type Idle } from './as-of/idle.ts';
import { GetIdle } from './history-queries.ts';
import { inOneLook } from './in-one-look.ts';
import type { Views } from './views.ts';

/** How many entries are looked at to find one of the execution's own. */
const LOOK = 20;

/** The revision that the entry before a place begins at. */
const entryBefore = async (views: Views, executionId: string, sequence: number): Promise<number> => {
  for (let before = sequence; ;) {
    const found = await views.find<TimelineDocument>('timeline', {
      where: [
        { field: 'executionId', op: 'eq', value: executionId },
        { field: 'sequence', op: 'lt', value: before },
      ],
      orderBy: [{ field: 'sequence', direction: 'desc' }],
      limit: LOOK,
    });
    const own = found.find(({ doc }) => doc.kind !== 'breaker');
    const last = found.at(-1);
    if (own !== undefined || last === undefined) return own?.doc.sequence ?? 0;
    before = last.doc.sequence;
  }
};

/** Answers how long nothing had happened before entries began, by folding what is between them and the entries before. */
@QueryHandler(GetIdle)
export class GetIdleHandler implements IQueryHandler<GetIdle> {
  readonly #views: Views;
  readonly #histories: Histories;

  constructor(@Inject(VIEWS) views: Views, @Inject(HISTORIES) histories: Histories) {
    this.#views = views;
    this.#histories = histories;
  }

  async execute({ entries }: GetIdle): Promise<ReadonlyMap<string, ReadonlyMap<number, Idle>>> {
    const views = inOneLook(this.#views);
    const answered = async (id: string, sequences: readonly number[]) =>
      [id, await this.#idleIn(views, id, sequences)] as const;
    return new Map(await Promise.all([...entries].map(([id, sequences]) => answered(id, sequences))));
  }

  async #idleIn(
    views: Views,
    executionId: string,
    sequences: readonly number[],
  ): Promise<ReadonlyMap<number, Idle>> {
    const wanted = new Set(sequences);
    const idle = new Map<number, Idle>();
    const from = await entryBefore(views, executionId, Math.min(...sequences));
    const time = createIdleTime();
    let last: number | undefined;
    await this.#histories.pastOf(executionId, Math.max(...sequences), {
      watch: {
        from,
        before: ({ execution }, { commit }) => {
          if (last !== undefined) time.stood(execution?.doc, commit.metadata.at - last);
          last = commit.metadata.at;
        },
        after: ({ revision }, begins) => {
          if (!begins) return;
          const before = time.take();
          if (before !== undefined && wanted.has(revision)) idle.set(revision, before);
        },
      },
    });
    return idle;
  }
}
