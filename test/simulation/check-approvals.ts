import type { RecordedEvent } from '../../src/domain/event.ts';
import type { History } from './histories.ts';
import type { World } from './world.ts';

const keyOf = ({ facts }: RecordedEvent): string =>
  `${facts['step'] as string} ${Number(facts['attempt'] ?? 1)}`;

/** Each decision that is asked for is made by somebody who was asked, or withdrawn: once, and before the end. */
export const checkApprovals = ({ broken }: World, histories: readonly History[]): void => {
  for (const { id, events } of histories) {
    const asked = new Map<string, readonly string[]>();
    for (const event of events) {
      const key = keyOf(event);
      const told = { id, key, type: event.type, facts: event.facts };
      if (event.type === 'approval.requested') {
        if (asked.has(key)) broken('a decision is asked for once', told);
        asked.set(key, event.facts['assignees'] as readonly string[]);
      } else if (event.type === 'approval.decided' || event.type === 'approval.withdrawn') {
        const assignees = asked.get(key);
        const { by } = JSON.parse(event.payload ?? '{}') as { readonly by?: string };
        if (assignees === undefined) broken('a decision is made once', told);
        else if (by !== undefined && assignees.length > 0 && !assignees.includes(by))
          broken('only who is asked decides', told);
        asked.delete(key);
      }
    }
    if (asked.size > 0) broken('a decision is made or withdrawn', { id, left: [...asked.keys()] });
  }
};
