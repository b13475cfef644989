import type { RecordedEvent } from '../../src/domain/event.ts';
import { RESOURCES, type Needs } from '../../src/domain/flow/resources.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { ActivityContext } from '../../src/ports/activities.ts';
import type { Random } from './random.ts';

/** What each node has: thousandths of a core, and MiB. */
export const CAPACITY = { cpu: 2_000, memory: 2_048 } as const;

/** What is asked for, by how it is written; the last is more than any node has. */
export const CPU = { '500m': 500, '1': 1_000, '1.5': 1_500, '3': 3_000 } as const;
export const MEMORY = { '256Mi': 256, '1Gi': 1_024, '2Gi': 2_048 } as const;

/** What calls of a step take of their node; one that takes more than there is waits for a short time only. */
export const makeResources = (random: Random): JsonObject => {
  const isTooLarge = random.chance(0.1);
  const cpu = random.pick(isTooLarge ? (['3'] as const) : (['500m', '1', '1.5'] as const));
  const memory = random.pick(['256Mi', '1Gi', '2Gi'] as const);
  const both = random.pick<JsonObject>([
    { cpu: { request: cpu } },
    { cpu: { request: cpu }, memory: { request: memory } },
    ...(isTooLarge ? [] : [{ memory: { request: memory } }]),
  ]);
  return { resources: both, ...(isTooLarge ? { timeout: { attempt: '3s', queue: '1s' } } : {}) };
};

/** Adds up what the calls take that a process makes at once. */
export const watchResources = (
  stream: (id: string) => readonly RecordedEvent[],
  broken: (invariant: string, facts: object) => void,
) => {
  const open = new Map<object, Map<object, Needs>>();

  const reserved = ({ executionId: id, step, attempt, idempotencyKey }: ActivityContext): Needs => {
    // What undoes a step takes nothing.
    if (idempotencyKey.endsWith(':compensation')) return {};
    const admitted = stream(id).filter(
      ({ type, facts }) => type === 'step.admitted' && facts['step'] === step && facts['attempt'] === attempt,
    );
    const own = admitted.filter(({ facts }) => facts['needs'] !== undefined);
    return Object.fromEntries(own.map(({ facts }) => [facts['gate'], facts['needs']]));
  };

  return {
    /** A call begins; it takes nothing any more once it has ended, or nobody wants it. */
    begun: (process: object, ctx: ActivityContext, end: Promise<unknown>): void => {
      const calls = open.get(process) ?? new Map<object, Needs>();
      open.set(process, calls.set(ctx, reserved(ctx)));
      const over = (): void => void calls.delete(ctx);
      ctx.signal.addEventListener('abort', over);
      end.then(over, over);
      for (const resource of RESOURCES) {
        const taken = [...calls.values()].reduce((sum, needs) => sum + (needs[resource] ?? 0), 0);
        if (taken > CAPACITY[resource])
          broken('no calls take more of a node than it has', { resource, taken, id: ctx.executionId });
      }
    },
  };
};
