import { Rejection } from '../rejection.ts';
import type { WorkflowEvent } from './events.ts';
import type { WorkflowState, WorkflowVersion } from './workflow.ts';

/** What an operator asks of a workflow, and why. */
export type WorkflowCommand = { readonly reason: string } & (
  | {
      readonly type: 'set_default';
      /** The version that new executions are to run; without it the latest, whichever that is. */
      readonly number: number | undefined;
    }
  | {
      readonly type: 'retire' | 'unretire';
      /** The version that is meant; without it the whole workflow. */
      readonly number: number | undefined;
    }
);

/** A workflow by its name. */
export type NamedWorkflow = WorkflowState & { readonly name: string };

/** There is no workflow of a name, which was given as `field`. */
export const workflowNotFound = (workflow: string, field = 'workflow'): Rejection =>
  new Rejection(
    'WORKFLOW_NOT_FOUND',
    `Expected the name of a registered workflow, but there is none called ${JSON.stringify(workflow)}.`,
    { field, found: workflow, expected: 'the name of a registered workflow' },
  );

/** No version of a workflow has a hash. */
export const hashNotFound = (workflow: string, hash: string): Rejection =>
  new Rejection(
    'WORKFLOW_NOT_FOUND',
    `Expected a version of "${workflow}" with the hash ${hash}, but there is none.`,
    { field: 'workflow', found: workflow, expected: `a workflow of which a version has the hash ${hash}` },
  );

/** A workflow of so many versions has none of a number, which was given as `field`. */
export const versionNotFound = (
  { name, count }: { readonly name: string; readonly count: number },
  number: number,
  field = 'version',
): Rejection =>
  new Rejection(
    'VERSION_NOT_FOUND',
    `Expected the number of a version of "${name}", of which there ${count === 1 ? 'is' : 'are'} ${count}, but found ${number}.`,
    { field, found: number, expected: count === 1 ? 'the number 1' : `a number from 1 to ${count}` },
  );

/** The version of a number. Throws `VERSION_NOT_FOUND`. */
export const versionAt = ({ name, versions }: NamedWorkflow, number: number): WorkflowVersion => {
  const version = versions[number - 1];
  if (version !== undefined) return version;
  throw versionNotFound({ name, count: versions.length }, number);
};

/** Number of the version that new executions run unless they say otherwise. */
export const defaultOf = ({ defaultNumber, versions }: WorkflowState): number =>
  defaultNumber ?? versions.length;

/** The version that new executions run, retired or not. Throws `WORKFLOW_NOT_FOUND`. */
export const defaultVersion = (workflow: NamedWorkflow): WorkflowVersion => {
  if (workflow.versions.length === 0) throw workflowNotFound(workflow.name);
  return versionAt(workflow, defaultOf(workflow));
};

/** The version that a start runs. Throws `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`, `WORKFLOW_RETIRED`, `VERSION_RETIRED`. */
export const startableVersion = (workflow: NamedWorkflow, number?: number): WorkflowVersion => {
  const usual = defaultVersion(workflow);
  const version = number === undefined ? usual : versionAt(workflow, number);
  if (workflow.isRetired) {
    throw new Rejection(
      'WORKFLOW_RETIRED',
      `Expected a workflow that may be started, but "${workflow.name}" is retired.`,
      { field: 'workflow', found: workflow.name },
    );
  }
  if (version.isRetired) throw versionRetired(workflow.name, number ?? defaultOf(workflow));
  return version;
};

/** A version that may not be run any more than is. */
export const versionRetired = (workflow: string, number: number): Rejection =>
  new Rejection(
    'VERSION_RETIRED',
    `Expected a version that may be started, but version ${number} of "${workflow}" is retired.`,
    { field: 'version', found: number },
  );

/**
 * What follows from a command; nothing when it is so already. Throws `WORKFLOW_NOT_FOUND`, `VERSION_NOT_FOUND`, and
 * `VERSION_RETIRED` for a retired version that is to be run.
 */
export const decideWorkflow = (
  workflow: NamedWorkflow,
  { type, number, reason }: WorkflowCommand,
): WorkflowEvent | undefined => {
  const { name, versions } = workflow;
  if (versions.length === 0) throw workflowNotFound(name);
  const version = number === undefined ? undefined : versionAt(workflow, number);
  const payload = { reason };
  const facts = { workflow: name };
  if (type === 'set_default') {
    if (number === workflow.defaultNumber) return undefined;
    if (version === undefined || number === undefined)
      return { type: 'workflow.default_cleared', facts, payload };
    if (version.isRetired) throw versionRetired(name, number);
    const { definition, triggerEvent } = version;
    return {
      type: 'workflow.default_set',
      facts: { ...facts, definition, number, triggerEvent },
      payload,
    };
  }
  const isRetired = type === 'retire';
  if ((version ?? workflow).isRetired === isRetired) return undefined;
  if (version === undefined || number === undefined)
    return { type: isRetired ? 'workflow.retired' : 'workflow.unretired', facts, payload };
  return {
    type: isRetired ? 'workflow.version_retired' : 'workflow.version_unretired',
    facts: { ...facts, definition: version.definition, number },
    payload,
  };
};
