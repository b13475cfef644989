import { registerEnumType } from '@nestjs/graphql';
import type { ExecutionOrder } from '../../queries/executions/order.ts';

/** An order by its name: the field, and the direction. */
export type OrderName = `${ExecutionOrder['by']}:${ExecutionOrder['direction']}`;

type Names<T extends string> = T extends `${infer Word}At` ? `${Uppercase<Word>}_AT` : Uppercase<T>;

/** How a list of executions is ordered. */
export const ExecutionOrders = {
  STARTED_AT_DESC: 'startedAt:desc',
  STARTED_AT_ASC: 'startedAt:asc',
  ENDED_AT_DESC: 'endedAt:desc',
  ENDED_AT_ASC: 'endedAt:asc',
  DURATION_DESC: 'duration:desc',
  DURATION_ASC: 'duration:asc',
  UPDATED_AT_DESC: 'updatedAt:desc',
  UPDATED_AT_ASC: 'updatedAt:asc',
  WORKFLOW_DESC: 'workflow:desc',
  WORKFLOW_ASC: 'workflow:asc',
  STATUS_DESC: 'status:desc',
  STATUS_ASC: 'status:asc',
} as const satisfies {
  readonly [
    Name in OrderName as Name extends `${infer By}:${infer Direction}`
      ? `${Names<By>}_${Uppercase<Direction>}`
      : never
  ]: Name;
};

registerEnumType(ExecutionOrders, {
  name: 'ExecutionOrder',
  description: 'How a list of executions is ordered; those that are equal by their ids.',
  valuesMap: {
    STARTED_AT_DESC: { description: 'The one started last comes first.' },
    STARTED_AT_ASC: { description: 'The one started first comes first.' },
    ENDED_AT_DESC: {
      description: 'The one that ended last comes first; those that have not ended come last.',
    },
    ENDED_AT_ASC: { description: 'Those that have not ended come first, then the one that ended first.' },
    DURATION_DESC: { description: 'The longest comes first; those that have not ended come last.' },
    DURATION_ASC: { description: 'Those that have not ended come first, then the shortest.' },
    UPDATED_AT_DESC: { description: 'The one that something happened to last comes first.' },
    UPDATED_AT_ASC: { description: 'The one that nothing has happened to for the longest time comes first.' },
    WORKFLOW_DESC: {
      description:
        'By the names of the workflows, from the last on; of each the one started last comes first.',
    },
    WORKFLOW_ASC: {
      description: 'By the names of the workflows; of each the one started first comes first.',
    },
    STATUS_DESC: {
      description:
        'By the names of the statuses, from the last on; of each the one started last comes first.',
    },
    STATUS_ASC: { description: 'By the names of the statuses; of each the one started first comes first.' },
  },
});

/** The order that a name stands for. */
export const orderNamed = (name: OrderName): ExecutionOrder => {
  const [by, direction] = name.split(':') as [ExecutionOrder['by'], ExecutionOrder['direction']];
  return { by, direction };
};
