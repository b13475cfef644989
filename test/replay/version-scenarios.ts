import { CALLER, sourceOf } from '../spec/engine.ts';
import type { Scenario, Stage } from './scenarios.ts';
import { SCHEDULED } from './schedule-scenarios.ts';

const YAML = 'workflow: rested\nactivities:\n  - name: rest\n    wait: { for: 3d }\n';

/** Decides about a workflow all that can be decided, by and by, while an execution of it waits. */
const decideAll = async ({ definitions, clock }: Stage): Promise<void> => {
  definitions.complete();
  await definitions.register(sourceOf(YAML.replace('3d', '4d')), CALLER);
  const commands = [
    { type: 'set_default', number: 1 },
    { type: 'retire', number: 2 },
    { type: 'unretire', number: 2 },
    { type: 'retire', number: undefined },
    { type: 'set_default', number: undefined },
    { type: 'unretire', number: undefined },
  ] as const;
  for (const command of commands) {
    clock.advance(1_000);
    await definitions.change('rested', { ...command, reason: 'It had to be.' }, CALLER);
  }
};

/** What can happen to the workflow of an execution, and to its schedule. */
export const VERSIONS: readonly Scenario[] = [
  { name: 'of-a-workflow-that-changes', yaml: YAML, activities: () => ({}), play: decideAll },
  ...SCHEDULED,
];
