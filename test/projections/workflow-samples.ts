import type { WorkflowEvent } from '../../src/domain/definition/events.ts';
import type { EventOf } from '../../src/domain/registry.ts';
import { DEFINITION, WORKFLOW } from './samples.ts';

const decided = <Type extends DecidedType>(type: Type, facts: EventOf<Type>['facts']) =>
  ({ type, facts, payload: { reason: 'secret' } }) as EventOf<Type>;

type DecidedType = Exclude<WorkflowEvent['type'], 'workflow.registered'>;

export const defaultSet = (number: number, triggerEvent = '') =>
  decided('workflow.default_set', {
    workflow: WORKFLOW,
    definition: `sha256:${number}`,
    number,
    triggerEvent,
  });

export const defaultCleared = () => decided('workflow.default_cleared', { workflow: WORKFLOW });

export const retired = () => decided('workflow.retired', { workflow: WORKFLOW });

export const unretired = () => decided('workflow.unretired', { workflow: WORKFLOW });

export const versionRetired = (number: number) =>
  decided('workflow.version_retired', { workflow: WORKFLOW, definition: `sha256:${number}`, number });

export const versionUnretired = (number: number) =>
  decided('workflow.version_unretired', { workflow: WORKFLOW, definition: `sha256:${number}`, number });

export const migrated = (definition = 'sha256:2', number = 2): EventOf<'execution.migrated'> => ({
  type: 'execution.migrated',
  facts: { workflow: WORKFLOW, from: DEFINITION, definition, number },
  payload: { reason: 'mended' },
});
