import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtInActivities } from '../../src/activities/built-in.ts';
import { loadActivities } from '../../src/activities/load-activities.ts';
import { createActivities } from '../../src/activities/registry.ts';
import type { Definition } from '../../src/domain/definition/definition.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { parsed } from '../domain/definition/parsed.ts';
import { runDefinition, type Given } from './run.ts';

/** Where the examples are. */
export const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

/** What the examples call. */
export const activities = createActivities([...builtInActivities({}), ...(await loadActivities(EXAMPLES))]);

/** The names of all examples. */
export const names = readdirSync(EXAMPLES);

/** An example as it is written. */
export const sourceOf = (name: string): string => readFileSync(`${EXAMPLES}/${name}/workflow.yaml`, 'utf8');

/** An example, which must be good. */
export const definitionOf = (name: string): Definition => parsed(sourceOf(name)).definition;

/** A run of an example in short. */
export interface Story {
  /** Each step with how it ended, in that order. */
  readonly steps: readonly string[];
  readonly status: string;
  readonly variables: JsonObject;
  /** The type of the error that it came to. */
  readonly error: string | undefined;
}

/** Runs an example. */
export const storyOf = async (name: string, given: Given): Promise<Story> => {
  const { state, events } = await runDefinition(definitionOf(name), activities, given);
  const steps = events.flatMap(({ type, facts }) =>
    /^step\.(completed|failed|skipped|cancelled|retry_scheduled|compensated)$/.test(type) && 'step' in facts
      ? [`${facts.step} ${type.slice('step.'.length)}`]
      : [],
  );
  return { steps, status: state.status, variables: state.variables, error: state.failure?.error.type };
};
