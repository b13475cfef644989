import { test } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { define, given, start } from '../../spec/execution.ts';

const FAIL: ExecutionCommand = {
  type: 'fail_step',
  step: 'work',
  error: { type: 'FailedByHand', message: 'no' },
  reason: 'asked for',
};

test('a step that was failed by hand before its first call is called, once it is retried, as an attempt of its own', () => {
  given(define('workflow: one\nactivities:\n  - name: work\n'))
    .after(start(), { unserved: ['work'] })
    .after(FAIL)
    .when({ type: 'retry', reason: 'mended' })
    .thenEvents({ type: 'execution.retried' }, { type: 'step.started', facts: { attempt: 2 } });
});
