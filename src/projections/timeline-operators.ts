import type { TimelineDraft } from './timeline-document.ts';
import { happened } from './timeline-happened.ts';
import type { TimelineEvent } from './timeline.projection.ts';

/** What the timeline shows, by an entry of its own, of what operators do to a whole execution. */
type OperatorEvent = Extract<
  TimelineEvent,
  { type: 'execution.paused' | 'execution.resumed' | 'execution.migrated' }
>;

/** Makes an entry say what an operator did. */
export const changeOperatorEntry = (draft: TimelineDraft, event: OperatorEvent): void => {
  switch (event.type) {
    case 'execution.paused':
      draft.kind = 'pause';
      draft.status = 'paused';
      return;
    case 'execution.resumed':
      draft.kind = 'pause';
      draft.status = 'resumed';
      draft.startedAt = event.facts.pausedAt;
      draft.endedAt = event.facts.pausedAt + event.facts.duration;
      draft.duration = event.facts.duration;
      return;
    case 'execution.migrated':
      draft.to = event.facts.definition;
      return happened(draft, 'migration', 'migrated', '');
    default:
      return event satisfies never;
  }
};
