import type { Condition, OrderBy } from '../../ports/read-models.ts';
import { EXECUTION_INDEXES } from '../../projections/execution-indexes.ts';
import type { SortField } from './order.ts';
import { STATUSES } from './statuses.ts';

/** How executions that meet some conditions are come by in an order. */
export interface Plan {
  /** Each the conditions of one index that has those who meet them in the order; none where none has. */
  readonly walks: readonly (readonly Condition[])[];
  /** On the field of the order: where each walk begins and ends. */
  readonly range: readonly Condition[];
}

/** What an order is walked along that has no index of its own: status after status, merged. */
const ANY_STATUS: Condition = { field: 'status', op: 'in', values: STATUSES };

const isEquality = ({ op }: Condition): boolean => op === 'eq' || op === 'in' || op === 'has';

/** Plans by the indexes that there are. */
export const planOf = (conditions: readonly Condition[], field: SortField): Plan => {
  const equal = conditions.filter(isEquality);
  const range = conditions.filter((condition) => !isEquality(condition) && condition.field === field);
  const covered = new Set<Condition>();
  const walks: (readonly Condition[])[] = [];
  const walkAlong = (walked: readonly Condition[]): void => {
    walks.push(walked);
    for (const condition of walked) covered.add(condition);
  };
  const ordered = EXECUTION_INDEXES.filter(({ fields }) => fields.at(-1) === field);
  // The index of the most conditions first: it has the fewest executions.
  for (const { fields, each } of ordered.toSorted((a, b) => b.fields.length - a.fields.length)) {
    if (each === undefined) {
      const wanted = fields.slice(0, -1);
      const walked = equal.filter((condition) => wanted.includes(condition.field));
      const isWhole = walked.length > 0 && walked.length === wanted.length;
      if (isWhole && walked.some((condition) => !covered.has(condition))) walkAlong(walked);
    } else {
      // The list may have several of the texts that are asked for.
      for (const condition of equal.filter(({ op }) => op === 'has')) walkAlong([condition]);
    }
  }
  const isAlone = ordered.some(({ fields, each }) => each === undefined && fields.length === 1);
  if (walks.length === 0 && !isAlone) walkAlong([ANY_STATUS]);
  return { walks, range };
};

/** Fields whose ranges have an index. */
const FIELDS: readonly SortField[] = ['startedAt', 'endedAt', 'duration'];

/** Documents among which all are that meet some conditions: in an order of an index, or in none. */
export interface Superset {
  readonly where: readonly Condition[];
  readonly orderBy: readonly OrderBy[] | undefined;
}

/** Queries each of which finds all that meet some conditions, and perhaps others, in the order of an index. */
export const supersetsOf = (conditions: readonly Condition[]): readonly Superset[] => [
  ...FIELDS.flatMap((field) => {
    const { walks, range } = planOf(conditions, field);
    if (range.length === 0 && (field !== 'startedAt' || walks.length === 0)) return [];
    const starts = walks.length === 0 ? [[]] : walks;
    return starts.map((walk) => ({
      where: [...walk, ...range],
      orderBy: [{ field, direction: 'asc' }] as const,
    }));
  }),
  ...conditions
    .filter(({ op }) => op === 'hasWithin')
    .map((condition) => ({ where: [condition], orderBy: undefined })),
];
