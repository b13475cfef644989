import { entityOf } from '../../src/domain/stream.ts';
import { CALLER } from '../spec/engine.ts';
import { seenIn } from '../engine/notifications/open-notified.ts';
import { fails } from './runs.ts';
import type { Scenario } from './scenarios.ts';

/** Histories of runs that tell somebody of themselves. */
export const NOTIFIED: readonly Scenario[] = [
  {
    name: 'told-of-its-failure',
    yaml: `
workflow: told
activities: [{ name: pay }]
error_handling:
  workflow_error: { notification: { channels: [slack], recipients: [workflow_admin] } }
`,
    activities: (clock) => ({ pay: fails(clock, 300, 'Declined') }),
    play: async ({ end, id, log, clock, notifier, deliveries }) => {
      notifier.will('refused', 'refused for good', 'taken');
      await end(id);
      const [failed] = await seenIn(log, 'notification.failed');
      const dueAt = Number(failed?.facts['dueAt']);
      await clock.armed(dueAt);
      clock.advance(dueAt - clock.now());
      await seenIn(log, 'notification.dead_lettered');
      await deliveries.resend(entityOf(failed?.stream ?? ''), 'The channel is there again.', CALLER);
      await seenIn(log, 'notification.sent');
    },
  },
];
