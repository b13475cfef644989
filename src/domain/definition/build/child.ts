import type { ChildStep } from '../definition.ts';
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
  if (!wait && onCancel !== undefined) {
    const message =
      'Expected "on_cancel" where the step waits for its child, but it does not, so that the child goes its own way.';
    report.problem([...path, 'workflow', 'on_cancel'], 'FIELD_NOT_USED', message, { key: true });
  }
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
