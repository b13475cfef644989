import { describe, expect, it } from 'vitest';
import { openEngine } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('a wide loop whose events do not fit into one commit', () => {
  it('begins as many turns at once as fit, however much each is given', async () => {
    const log = await temporaryLog({ maxCommit: 30_000 });
    let calls = 0;
    const under = openEngine({ log, activities: { call: () => (calls += 1) } });
    const { state } = await under.run(
      `
workflow: wide
variables: { text: '${'x'.repeat(2_000)}' }
activities:
  - name: each
    foreach:
      items: "\${input}"
      concurrency: 100
      steps: [{ name: call, input: "\${workflow.text}" }]
`,
      range(100),
    );
    expect([state.status, calls, under.errors]).toEqual(['completed', 100, []]);
  });

  it('is given up piece by piece when a turn of it fails', async () => {
    const log = await temporaryLog({ maxCommit: 30_000 });
    const under = openEngine({
      log,
      activities: {
        call: (ctx) => {
          if (!ctx.step.includes('[199]')) return new Promise(() => {});
          throw new Error('no');
        },
      },
    });
    const { state } = await under.run(
      `
workflow: wide
activities:
  - name: each
    foreach: { items: "\${input}", concurrency: 200, steps: [{ name: call, input: 1 }] }
`,
      range(200),
    );
    expect([state.status, under.errors]).toEqual(['failed', []]);
  });
});
