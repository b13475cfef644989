import { describe, expect, it } from 'vitest';
import { openEngine } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const COUNT = 2_000;
const WIDE = `
workflow: wide
activities:
  - name: each
    foreach: { items: "\${input}", concurrency: 50, steps: [{ name: charge_card, input: 1 }] }
  - name: last
error_handling: { workflow_error: { strategy: compensate } }
compensation: {}
compensation_activities: { charge_card: { activity: refund } }
`;

const charged = Array.from({ length: COUNT }, (_, n) => n);

describe('a run of which more is to be undone than a commit could name', () => {
  it('is undone to its end', async () => {
    const log = await temporaryLog({ maxCommit: 30_000 });
    let refunds = 0;
    const under = openEngine({
      log,
      activities: {
        charge_card: () => null,
        refund: () => (refunds += 1),
        last: () => {
          throw new Error('no');
        },
      },
    });
    const { state } = await under.run(WIDE, charged);
    expect([state.status, refunds, under.errors]).toEqual(['compensated', COUNT, []]);
  });

  it('ends when none of it can be undone', async () => {
    const log = await temporaryLog({ maxCommit: 30_000 });
    const fails = () => {
      throw new Error('no');
    };
    const under = openEngine({ log, activities: { charge_card: () => null, refund: fails, last: fails } });
    const { state, events } = await under.run(WIDE, charged);
    expect([state.status, under.errors]).toEqual(['failed', []]);
    expect(events.at(-1)?.facts).toMatchObject({ uncompensatedCount: COUNT });
  });
});
