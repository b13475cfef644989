import { describe, expect, it } from 'vitest';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { noticeIdOf, noticesOf } from '../../../src/domain/notification/notice.ts';

const TARGETS = [
  { channel: 'slack', recipient: 'admins' },
  { channel: 'email', recipient: 'admins' },
] as const;

const END = {
  workflow: 'refund',
  definition: 'sha256:1',
  startedAt: 0,
  duration: 9,
  from: 'running',
} as const;
const FAILED = { ...END, step: 'pay', errorType: 'Declined', uncompensated: [] as readonly string[] };
const error = { type: 'Declined', message: 'The card\nis blocked.' };

const failed = (more: Partial<typeof FAILED> = {}): ExecutionEvent => ({
  type: 'execution.failed',
  facts: { ...FAILED, notifies: TARGETS, ...more },
  payload: { error },
});

const messageOf = (event: ExecutionEvent) => noticesOf('e1', 7, event, 524_288)[0]?.event.payload;

describe('what an event tells of itself', () => {
  it('is one notification for each of those it tells, with ids that follow from it', () => {
    const notices = noticesOf('e1', 7, failed(), 524_288);
    expect(notices.map(({ event }) => event.facts)).toEqual(
      TARGETS.map((target) => ({
        workflow: 'refund',
        execution: 'e1',
        step: 'pay',
        ...target,
        about: 'execution.failed',
        revision: 7,
      })),
    );
    const ids = notices.map(({ id }) => id);
    expect(ids).toEqual(TARGETS.map((target) => noticeIdOf('e1', 7, target)));
    expect(ids).toEqual(noticesOf('e1', 7, failed(), 524_288).map(({ id }) => id));
    const others = [...noticesOf('e1', 8, failed(), 524_288), ...noticesOf('e2', 7, failed(), 524_288)];
    expect(new Set([...ids, ...others.map(({ id }) => id)]).size).toBe(6);
  });

  it('is nothing where it says nobody', () => {
    expect(noticesOf('e1', 7, { ...failed(), facts: FAILED } as ExecutionEvent, 524_288)).toEqual([]);
    expect(noticesOf('e1', 7, { type: 'execution.completed', facts: END }, 524_288)).toEqual([]);
  });

  it('is a line, and all that one wants to know at first', () => {
    expect(messageOf(failed())).toEqual({
      subject: 'refund failed at pay: Declined',
      text: 'Workflow: refund\nExecution: e1\nStep: pay\nError: Declined: The card\nis blocked.',
    });
  });

  it('says when somebody has to lend a hand, and with what', () => {
    expect(messageOf(failed({ uncompensated: ['reserve', 'ship'] }))).toMatchObject({
      subject: 'refund failed at pay and needs a hand, 2 not undone: Declined',
      text: expect.stringContaining('\nNot undone: reserve, ship\n') as string,
    });
  });

  it('says what became of a run and of a step', () => {
    const saga = { workflow: 'refund', step: 'pay', errorType: 'Declined', notifies: TARGETS };
    const events: readonly ExecutionEvent[] = [
      { type: 'saga.compensating', facts: { ...saga, steps: [] }, payload: { error } },
      { type: 'saga.compensated', facts: { ...END, ...saga } },
      {
        type: 'step.failed',
        facts: { ...saga, activity: 'pay', attempt: 1, duration: 1, handled: 'skip' },
        payload: { error },
      },
      failed({ step: '' }),
    ];
    expect(events.map((event) => messageOf(event)?.subject)).toEqual([
      'refund failed at pay and is being undone: Declined',
      'refund failed at pay and was undone: Declined',
      'refund: pay failed, and the run goes on: Declined',
      'refund failed: Declined',
    ]);
    expect(messageOf(failed({ step: '' }))?.text).not.toContain('Step:');
  });

  it('says that a run was called off, by its reason, and what is left', () => {
    const facts = { ...END, from: 'compensating', notifies: TARGETS } as const;
    const cancelled = (uncompensated: readonly string[], terminated?: true): ExecutionEvent => ({
      type: 'execution.cancelled',
      facts: { ...facts, uncompensated, ...(terminated && { terminated }) },
      payload: { reason: 'no need' },
    });
    const begun: ExecutionEvent = {
      type: 'saga.compensating',
      facts: {
        workflow: 'refund',
        step: '',
        errorType: 'Cancelled',
        steps: [],
        cause: 'cancel',
        notifies: TARGETS,
      },
      payload: { error: { type: 'Cancelled', message: 'no need' } },
    };
    const messages = [begun, cancelled([]), cancelled(['pay']), cancelled(['pay'], true)].map(messageOf);
    expect(messages.map((message) => message?.subject)).toEqual([
      'refund was cancelled and is being undone',
      'refund was cancelled and undone',
      'refund was cancelled and needs a hand, 1 not undone',
      'refund was terminated and needs a hand, 1 not undone',
    ]);
    expect(messages[0]?.text).toBe('Workflow: refund\nExecution: e1\nReason: no need');
    expect(messages[2]?.text).toBe('Workflow: refund\nExecution: e1\nNot undone: pay\nReason: no need');
  });

  it('fits into a payload, whatever an error says and however it is called', () => {
    const long = 'ä"\u0000'.repeat(100_000);
    const event: ExecutionEvent = {
      type: 'execution.failed',
      facts: { ...FAILED, errorType: `Two\r\nlines ${long}`, notifies: TARGETS },
      payload: { error: { type: 'x', message: long } },
    };
    for (const most of [1_024, 2_000, 524_288]) {
      const { subject = '', text = '' } = noticesOf('e1', 7, event, most)[0]?.event.payload ?? {};
      expect(Buffer.byteLength(JSON.stringify({ subject, text }))).toBeLessThanOrEqual(most);
      expect(subject).not.toMatch(/[\r\n]/);
      expect(subject.length).toBeLessThanOrEqual(200);
    }
  });
});
