import type { ChildStep } from '../definition.ts';
import type { Path } from '../report.ts';
import { compileTemplate } from '../expression/template.ts';
import { asNumber, asText, field } from './fields.ts';
import { buildRetry } from './retry.ts';
import type { Written } from './written.ts';

/** A step that starts a child. It is tried again only where it says so itself: a child is more than a call. */
export const buildChild = ({ base, step, value, path, place, report }: Written): ChildStep => {
  const input = field(value, 'input');
  const version = asNumber(field(value, 'version')) ?? asText(field(value, 'version'));
  const wait = field(value, 'wait') !== false;
  const onCancel = field(value, 'on_cancel');
  const refuse = (name: string, at: Path): void => {
    const message = `Expected "${name}" where the step waits for its child, but it does not, so that the child goes its own way.`;
    report.problem(at, 'FIELD_NOT_USED', message, { key: true });
  };
  if (!wait && onCancel !== undefined) refuse('on_cancel', [...path, 'workflow', 'on_cancel']);
  if (!wait && step['timeout'] !== undefined) refuse('timeout', [...path, 'timeout']);
  return {
    ...base,
    kind: 'workflow',
    workflow: asText(field(value, 'name')) ?? '',
    ...(version === undefined ? {} : { version }),
    ...(input === undefined
      ? {}
      : { input: compileTemplate(input, [...path, 'workflow', 'input'], place, report) }),
    wait,
    onCancel: onCancel === 'abandon' ? 'abandon' : 'cancel',
    retry: buildRetry(step['retry'], undefined, [...path, 'retry'], report),
  };
};
