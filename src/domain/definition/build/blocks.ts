import type {
  BlockStep,
  BranchHandling,
  Case,
  ForeachStep,
  ParallelStep,
  Step,
  SwitchStep,
  WhileStep,
} from '../definition.ts';
import { compileTemplate } from '../expression/template.ts';
import { ROOTS } from '../expression/member-path.ts';
import { TYPES } from '../expression/environment.ts';
import { asList, asNumber, asObject, asText, field } from './fields.ts';
import { buildCondition } from './condition.ts';
import { nestedLists, type NestedList } from './nested.ts';
import type { Written } from './written.ts';

/** Builds the steps of a list that is inside of a step. */
export type BuildList = (list: NestedList) => readonly Step[];

const DEFAULT_TURNS = 1_000;

/** The block that a step is; `undefined` when it is none. */
export const buildBlock = (written: Written, buildList: BuildList): BlockStep | undefined => {
  switch (written.kind) {
    case 'parallel':
      return buildParallel(written, buildList);
    case 'foreach':
      return buildForeach(written, buildList);
    case 'switch':
      return buildSwitch(written, buildList);
    case 'while':
      return buildWhile(written, buildList);
    default:
      return undefined;
  }
};

const handlingOf = (block: Written['value']): BranchHandling =>
  field(block, 'on_error') === 'collect' ? 'collect' : 'fail_fast';

const buildParallel = (written: Written, buildList: BuildList): ParallelStep => {
  const { base, value, step, path, report } = written;
  const branches = nestedLists(step, path).map((list) => ({ key: list.key, steps: buildList(list) }));
  const join = field(value, 'join') ?? 'all';
  const needed = join === 'first' ? 1 : (asNumber(join) ?? branches.length);
  if (needed > branches.length) {
    const message = `Expected "join" to be at most the number of branches, which is ${branches.length}, but found ${needed}.`;
    report.problem([...path, 'parallel', 'join'], 'WRONG_VALUE', message);
  }
  return { ...base, kind: 'parallel', branches, join: needed, onError: handlingOf(value) };
};

const buildForeach = (written: Written, buildList: BuildList): ForeachStep => {
  const { base, value, step, path, place, report } = written;
  const at = [...path, 'foreach'];
  const items = compileTemplate(field(value, 'items') ?? [], [...at, 'items'], place, report);
  const [list] = nestedLists(step, path);
  const collect = field(value, 'collect');
  const inner = { ...place, names: [...place.names, ...(list?.names ?? [])] };
  return {
    ...base,
    kind: 'foreach',
    items,
    concurrency: asNumber(field(value, 'concurrency')) ?? 1,
    steps: list === undefined ? [] : buildList(list),
    onError: handlingOf(value),
    ...(collect === undefined
      ? {}
      : {
          collect: compileTemplate(
            collect,
            [...at, 'collect'],
            { ...inner, ended: new Set([...place.ended, ...written.endedIn(list)]) },
            report,
          ),
        }),
    ...namesOf(written),
  };
};

const namesOf = ({ value, path, report }: Written): Pick<ForeachStep, 'item' | 'index'> => {
  const item = asText(field(value, 'item'));
  const index = asText(field(value, 'index'));
  for (const [name, given] of Object.entries({ item, index })) {
    if (given === undefined || given === name) continue;
    if (!Object.hasOwn(ROOTS, given) && !TYPES.includes(given)) continue;
    const message = `Expected another name for the ${name}, but "${given}" means something else in expressions.`;
    report.problem([...path, 'foreach', name], 'RESERVED_NAME', message);
  }
  return { ...(item === undefined ? {} : { item }), ...(index === undefined ? {} : { index }) };
};

const buildSwitch = (written: Written, buildList: BuildList): SwitchStep => {
  const { base, value, step, path, place, report } = written;
  const cases = asList(value) ?? [];
  const lists = nestedLists(step, path);
  const branches = lists.map((list): Case => {
    const [, , n = 0] = list.path.slice(path.length - 1);
    const when = field(cases[Number(n)], 'when');
    const condition =
      when === undefined ? undefined : buildCondition(when, [...path, 'switch', n, 'when'], place, report);
    return { key: list.key, steps: buildList(list), ...(condition === undefined ? {} : { when: condition }) };
  });
  cases.forEach((entry, n) => checkCase(entry, n, cases.length, written));
  return { ...base, kind: 'switch', branches, match: step['match'] === 'all' ? 'all' : 'first' };
};

const checkCase = (entry: Written['value'], n: number, count: number, { path, report }: Written): void => {
  const at = [...path, 'switch', n];
  const has = (name: string): boolean => field(entry, name) !== undefined;
  if (asObject(entry) === undefined) return;
  if (has('else') ? has('when') || has('steps') : !has('when') || !has('steps')) {
    const message = 'Expected "when" and "steps", or "else" alone, but this case has something else.';
    report.problem(at, 'AMBIGUOUS_CASE', message, { key: true });
  } else if (has('else') && n < count - 1) {
    const message = 'Expected "else" to be the last case, but others follow.';
    report.problem(at, 'AMBIGUOUS_CASE', message, { key: true });
  }
};

const buildWhile = (written: Written, buildList: BuildList): WhileStep => {
  const { base, value, step, path, place, report } = written;
  const at = [...path, 'while', 'condition'];
  const [list] = nestedLists(step, path);
  const condition = buildCondition(field(value, 'condition') ?? false, at, place, report);
  return {
    ...base,
    kind: 'while',
    condition: condition ?? compileTemplate(false, at, place, report),
    steps: list === undefined ? [] : buildList(list),
    max: asNumber(field(value, 'max')) ?? DEFAULT_TURNS,
  };
};
