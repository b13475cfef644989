import type { ExecutionsFilter } from '../src/queries/executions/filter.ts';
import { startOf } from './read-population.ts';

/** What is asked for: what there is much of, some, and next to nothing. */
export const filtersOf = (executions: number): readonly ExecutionsFilter[] => {
  const [from, to] = [startOf(executions * 0.4, executions), startOf(executions * 0.41, executions)];
  return [
    {},
    { workflow: 'workflow_0' },
    { workflow: 'workflow_49' },
    { definition: 'sha256:workflow_49-2' },
    { status: ['failed', 'cancelled'] },
    { status: ['running'] },
    { workflow: 'workflow_3', status: ['failed'] },
    { trigger: 'manual' },
    { tenant: 'default' },
    { triggeredBy: 'user' },
    { errorType: 'Error19' },
    { startedFrom: from, startedBefore: to },
    { endedFrom: from, endedBefore: to },
    { durationFrom: 3_600_000 },
    { workflow: 'workflow_0', startedFrom: from, trigger: 'manual' },
    { tags: ['vip'] },
    { tags: ['orders', 'vip'], workflow: 'workflow_20' },
    { search: [{ name: 'customer', values: ['customer-77'] }] },
    { search: [{ name: 'customer', prefix: 'customer-77' }] },
    { search: [{ name: 'amount', from: 9_990 }] },
  ];
};

/** Of each filter something that there is much of, and something that never meets some of the others. */
const VALUES: readonly (readonly ExecutionsFilter[])[] = [
  [{ workflow: 'workflow_0' }, { workflow: 'workflow_2' }],
  [{ status: ['completed'] }, { status: ['failed'] }],
  [{ trigger: 'manual' }, { trigger: 'schedule' }],
  [{ definition: 'sha256:workflow_0-0' }, { definition: 'sha256:workflow_1-0' }],
  [{ errorType: 'Error0' }],
  [{ tenant: 'default' }, { tenant: 'acme' }],
  [{ triggeredBy: 'trigger' }, { triggeredBy: 'user' }],
];

const combined = (
  left: readonly (readonly ExecutionsFilter[])[],
  many: number,
): readonly ExecutionsFilter[] => {
  if (many === 0) return [{}];
  return left.flatMap((values, n) =>
    combined(left.slice(n + 1), many - 1).flatMap((rest) => values.map((value) => ({ ...value, ...rest }))),
  );
};

/** Every two and every three of the filters together, in all that there is, in much of it, and in little. */
export const combinationsOf = (executions: number): readonly ExecutionsFilter[] => {
  const startedFrom = startOf(executions * 0.4, executions);
  const ranges: readonly ExecutionsFilter[] = [
    {},
    { startedFrom },
    { startedFrom, startedBefore: startOf(executions * 0.401, executions) },
  ];
  return [2, 3].flatMap((many) =>
    combined(VALUES, many).flatMap((filter) => ranges.map((range) => ({ ...filter, ...range }))),
  );
};
