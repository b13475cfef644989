import type { QueryBus } from '@nestjs/cqrs';
import DataLoader from 'dataloader';
import { LoadExecutions } from '../queries/history-queries.ts';
import type { GraphqlContext } from './context.ts';
import { executionFrom, type ExecutionParent } from './models/execution.model.ts';
import { perContext } from './per-context.ts';

/** Executions by their ids; null for those that there are none of, or none that whoever asks may see. */
export type ExecutionLoader = DataLoader<string, ExecutionParent | null>;

const createExecutionLoader = (queries: QueryBus, { scope }: GraphqlContext): ExecutionLoader =>
  new DataLoader(
    async (ids) => {
      const found = await queries.execute(new LoadExecutions([...new Set(ids)]).within(scope));
      return ids.map((id) => {
        const execution = found.get(id);
        return execution === undefined ? null : executionFrom(execution);
      });
    },
    // A subscription has one context for as long as it lasts, and executions go on.
    { cache: false },
  );

/** Asks once for all executions that an operation wants together, whichever of its rows they belong to. */
export const executionLoaders = (queries: QueryBus): ((context: GraphqlContext) => ExecutionLoader) =>
  perContext((context) => createExecutionLoader(queries, context));
