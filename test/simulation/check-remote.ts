import type { History } from './histories.ts';
import { REMOTE } from './step-kinds.ts';
import type { World } from './world.ts';

/** What a worker makes is what it was given, and counts as what it said. */
export const checkRemote = ({ broken }: World, histories: readonly History[]): void => {
  for (const { id, events } of histories) {
    const fences = new Map<string, unknown>();
    for (const { type, facts, payload, revision } of events) {
      const key = JSON.stringify([facts['step'], facts['attempt'], type.startsWith('step.compens')]);
      if (type === 'step.started' || type === 'step.compensating') {
        const isRemote = REMOTE.includes(facts['activity'] as string);
        if (isRemote !== (facts['worker'] !== undefined && facts['fence'] !== undefined))
          broken('only workers make what only they serve', { id, revision, facts });
        if (facts['fence'] !== undefined) fences.set(key, facts['fence']);
      }
      if (type === 'step.heartbeat' && fences.has(key)) {
        const { progress } = JSON.parse(payload ?? '{}') as { progress?: { readonly of?: unknown } };
        if (progress?.of !== fences.get(key))
          broken('only who makes an attempt says how far it is', { id, revision, facts, progress });
      }
      if (type !== 'step.completed' && type !== 'step.compensated') continue;
      const fence = fences.get(key);
      if (fence === undefined || facts['by'] === 'operator') continue;
      const { output } = JSON.parse(payload ?? '{}') as { output?: Readonly<Record<string, unknown>> };
      if (output?.['of'] !== fence || output['n'] !== 1)
        broken('an attempt comes to what its worker said first', { id, revision, facts, output });
    }
  }
};
