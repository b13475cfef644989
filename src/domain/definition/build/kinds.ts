import type { Step } from '../definition.ts';
import type { JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';

interface Kind {
  /** The field that makes a step one of this kind. */
  readonly field: string;
  /** Fields that only some kinds of step use, and this one does. */
  readonly uses: readonly string[];
}

const kind = (field: string, ...uses: readonly string[]): Kind => ({ field, uses });

/** Fields that not every kind of step uses. */
const PARTICULAR = [
  'input',
  'output',
  'timeout',
  'retry',
  'fallback',
  'isolate',
  'resources',
  'match',
  'circuit_breaker',
  'bulkhead',
  'rate_limit',
];

const OF_ACTIVITIES = PARTICULAR.filter((name) => name !== 'match');

/** How each kind of step is written; without a field of any, a step calls the activity of its name. */
export const KINDS: Readonly<Record<Step['kind'], Kind>> = {
  activity: kind('activity', ...OF_ACTIVITIES),
  set: kind('set'),
  wait: kind('wait', 'output'),
  approval: kind('approval', 'output', 'fallback'),
  emit: kind('emit', 'output', 'fallback'),
  workflow: kind('workflow', 'output', 'timeout', 'retry', 'fallback'),
  parallel: kind('parallel', 'output', 'timeout', 'fallback'),
  foreach: kind('foreach', 'output', 'timeout', 'fallback'),
  switch: kind('switch', 'output', 'timeout', 'fallback', 'match'),
  while: kind('while', 'output', 'timeout', 'fallback'),
  fail: kind('fail'),
  end: kind('end'),
};

/** The kinds that a step's fields name: one, or none where it calls the activity of its name. */
export const kindsIn = (step: JsonObject): readonly Step['kind'][] =>
  (Object.keys(KINDS) as Step['kind'][]).filter((name) => Object.hasOwn(step, KINDS[name].field));

/** Whether steps of a kind call nothing of their own, so that their time is that of all that they do. */
export const hasOneTime = (kind: Step['kind']): boolean =>
  kind === 'parallel' || kind === 'foreach' || kind === 'switch' || kind === 'while' || kind === 'workflow';

/** Whether steps of a kind begin before they end, so that there is something to call by a label. */
export const hasEntry = (kind: Step['kind']): boolean => kind !== 'set' && kind !== 'fail' && kind !== 'end';

/** The kind of a step; more than one is reported. */
export const kindOf = (step: JsonObject, path: Path, report: Report): Step['kind'] => {
  const kinds = kindsIn(step);
  if (kinds.length > 1) {
    const found = kinds.map((name) => `"${KINDS[name].field}"`).join(' and ');
    report.problem(path, 'AMBIGUOUS_STEP', `Expected one kind of step, but found ${found}.`, { key: true });
  }
  return kinds.find((name) => name !== 'activity') ?? 'activity';
};

/** Reports fields that a step of this kind does not use. */
export const refuseUnused = (step: JsonObject, kind: Step['kind'], path: Path, report: Report): void => {
  const { field, uses } = KINDS[kind];
  for (const name of PARTICULAR) {
    if (!Object.hasOwn(step, name) || uses.includes(name)) continue;
    const others = Object.values(KINDS).filter((other) => other.uses.includes(name));
    const whose = others.map((other) => `"${other.field}"`).join(', ');
    const message = `Expected fields that a "${field}" step uses, but "${name}" is for steps with ${whose}.`;
    report.problem([...path, name], 'FIELD_NOT_USED', message, { key: true });
  }
};
