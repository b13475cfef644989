import type { TimelineDocument, TimelineDraft } from './timeline-document.ts';

/** Makes an entry one of something that took no time. */
export const happened = (
  draft: TimelineDraft,
  kind: TimelineDocument['kind'],
  status: TimelineDocument['status'],
  step: string,
): void => {
  draft.kind = kind;
  draft.status = status;
  draft.step = step === '' ? null : step;
  draft.endedAt = draft.startedAt;
  draft.duration = 0;
};
