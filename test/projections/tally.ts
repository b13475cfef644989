import type { JsonObject } from '../../src/domain/json.ts';
import type { Recorded } from '../../src/domain/registry.ts';
import { listed } from '../../src/projections/catalogue.ts';
import type { Projection } from '../../src/projections/projection.ts';
import { happened, type Happened } from '../spec/given.ts';
import { completed, started } from './samples.ts';

/** How often executions of a workflow were started and completed, and the revisions in the order of their events. */
export type TallyDocument = {
  readonly workflow: string;
  readonly started: number;
  readonly completed: number;
  readonly seen: readonly string[];
};

type TallyEvent = Recorded<'execution.started' | 'execution.completed'>;

/** What makes one tally different from another. */
export interface TallyOptions {
  readonly name?: string;
  readonly version?: number;
  /** Throws for these events, in place of folding them. */
  readonly refuses?: (event: TallyEvent) => boolean;
  /** Finds no key for these events, but throws. */
  readonly hasNoKeyFor?: (event: TallyEvent) => boolean;
  /** Counts by this. */
  readonly step?: number;
}

const refuseIf = (refused: boolean | undefined): void => {
  if (refused === true) throw new Error('It went wrong.');
};

/** A projection that shows in its documents whether an event was folded twice, never, or out of order. */
export const tally = ({
  name = 'tally',
  version = 1,
  refuses,
  hasNoKeyFor,
  step = 1,
}: TallyOptions = {}): Projection =>
  listed<TallyDocument & JsonObject, TallyEvent['type']>({
    name,
    version,
    handles: ['execution.started', 'execution.completed'],
    ignores: [],
    indexes: [{ fields: ['started'] }],
    keyOf: (event) => {
      refuseIf(hasNoKeyFor?.(event));
      return event.facts.workflow;
    },
    evolve: (doc, event) => {
      refuseIf(refuses?.(event));
      const { workflow } = event.facts;
      const before = doc ?? { workflow, started: 0, completed: 0, seen: [] };
      const counted = event.type === 'execution.started' ? 'started' : 'completed';
      const seen = [...before.seen, `${event.stream}@${event.revision}`];
      return { ...before, seen, [counted]: before[counted] + step };
    },
  });

/** Executions that were started and completed, each in two commits, named from `first` on. */
export const runs = (count: number, first = 0, workflow = 'ship_order'): readonly Happened[] =>
  Array.from({ length: count }, (_, n) => n + first).flatMap((n) => [
    happened(`execution-e${n}`, n, started(workflow)),
    happened(`execution-e${n}`, n + 5, {
      ...completed(n, 5),
      facts: { ...completed(n, 5).facts, workflow },
    }),
  ]);

/** What a tally makes of `runs`. */
export const tallyOf = (count: number, workflow = 'ship_order'): TallyDocument => ({
  workflow,
  started: count,
  completed: count,
  seen: Array.from({ length: count }, (_, n) => [`execution-e${n}@0`, `execution-e${n}@1`]).flat(),
});
