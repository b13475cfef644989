import type { Needs } from '../../src/domain/flow/resources.ts';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { writtenIn, writtenStep, type History, type Written } from './histories.ts';
import { CAPACITY, CPU, MEMORY } from './resources.ts';
import type { World } from './world.ts';

const requestOf = (resources: Json | undefined, name: string): string | undefined =>
  (resources as Record<string, { request?: string }> | undefined)?.[name]?.request;

const needsOf = (written: Written, step: string): Needs => {
  const resources = (writtenStep(written, step) as unknown as JsonObject | undefined)?.['resources'];
  const cpu = CPU[requestOf(resources, 'cpu') as keyof typeof CPU];
  const memory = MEMORY[requestOf(resources, 'memory') as keyof typeof MEMORY];
  return {
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
  };
};

/** Whatever is called has reserved what its author asks for, and nobody else has. */
export const checkResources = ({ log, broken }: World, histories: readonly History[]): void => {
  const definitions = writtenIn(log);
  for (const { id, events } of histories) {
    let written: Written | undefined;
    const asked = new Map<string, Needs>();
    const admitted = new Map<string, Record<string, unknown>>();
    for (const { type, facts } of events) {
      const step = facts['step'] as string;
      const of = `${step} ${facts['attempt'] as number}`;
      if (type === 'execution.started' || type === 'execution.migrated')
        written = definitions.get(facts['definition'] as string);
      if (type === 'step.requested' && written !== undefined) asked.set(of, needsOf(written, step));
      if (type === 'step.admitted' && facts['needs'] !== undefined) {
        const gate = facts['gate'] as keyof typeof CAPACITY;
        admitted.set(of, { ...admitted.get(of), [gate]: facts['needs'] });
        if (facts['of'] !== CAPACITY[gate] || Number(facts['count']) > CAPACITY[gate])
          broken('no more is reserved than there is', { id, facts });
      }
      if (type !== 'step.started' || facts['fallback'] === true || facts['worker'] !== undefined) continue;
      const needs = JSON.stringify(asked.get(of) ?? {});
      if (asked.has(of) && needs !== JSON.stringify(admitted.get(of) ?? {}))
        broken('what is called has reserved what it needs', { id, facts, needs });
    }
  }
};
