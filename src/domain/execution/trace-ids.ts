import { hash } from 'node:crypto';

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

const digest = (text: string, length: number): string => hash('sha256', text, 'hex').slice(0, length);

/** The trace of a run: that of the request which started it, or one of its own; the same whoever asks, and when. */
export const traceIdOf = (executionId: string, traceparent?: string): string =>
  TRACEPARENT.exec(traceparent ?? '')?.[1] ?? digest(`trace\n${executionId}`, 32);

/** The span of the request that started a run, if there was one. */
export const callerSpanOf = (traceparent?: string): string | undefined =>
  TRACEPARENT.exec(traceparent ?? '')?.[2];

/** The id of a span of a run, by what tells it from the others. */
export const spanIdOf = (executionId: string, key: string): string =>
  digest(`span\n${executionId}\n${key}`, 16);

/** What tells the span of an attempt from the others. */
export const attemptKey = (step: string, attempt: number, compensation: boolean): string =>
  `${compensation ? 'compensation' : 'step'} ${step} ${attempt}`;

/** The trace context that a call is made in. */
export const traceparentOf = (traceId: string, spanId: string, isSampled: boolean): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
