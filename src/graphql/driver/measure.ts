import {
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** How much an operation asks for. */
export interface Measure {
  /** Fields below each other. */
  readonly depth: number;
  /** Fields of the answer when every page is full. */
  readonly cost: number;
}

/** The longest page of a connection. */
export const LONGEST_PAGE = 100;

const DEFAULT_PAGE = 20;
const NOTHING: Measure = { depth: 0, cost: 0 };

const pageOf = (value: ValueNode): number => {
  if (value.kind !== Kind.INT) return value.kind === Kind.NULL ? DEFAULT_PAGE : LONGEST_PAGE;
  return Math.min(Math.max(Number(value.value), 1), LONGEST_PAGE);
};

/** How many items a field may answer with: its page, if it is a connection. */
const itemsOf = (field: FieldNode): number => {
  const first = field.arguments?.find(({ name }) => name.value === 'first');
  if (first !== undefined) return pageOf(first.value);
  const isConnection = field.selectionSet?.selections.some(
    (selection) => selection.kind === Kind.FIELD && ['edges', 'nodes'].includes(selection.name.value),
  );
  return isConnection === true ? DEFAULT_PAGE : 1;
};

/** Measures selections; each fragment is measured once, and one that contains itself counts as nothing there. */
export const createMeasure = (
  fragment: (name: string) => FragmentDefinitionNode | null | undefined,
): ((selections: SelectionSetNode) => Measure) => {
  const fragments = new Map<string, Measure>();

  const measureFragment = (name: string): Measure => {
    const known = fragments.get(name);
    if (known !== undefined) return known;
    fragments.set(name, NOTHING);
    const definition = fragment(name);
    const found = definition == null ? NOTHING : measure(definition.selectionSet);
    fragments.set(name, found);
    return found;
  };

  const measureField = (field: FieldNode): Measure => {
    if (field.name.value.startsWith('__') || field.selectionSet === undefined) return { depth: 1, cost: 1 };
    const { depth, cost } = measure(field.selectionSet);
    return { depth: depth + 1, cost: 1 + itemsOf(field) * cost };
  };

  const measure = (selections: SelectionSetNode): Measure => {
    let depth = 0;
    let cost = 0;
    for (const selection of selections.selections) {
      const part =
        selection.kind === Kind.FIELD
          ? measureField(selection)
          : selection.kind === Kind.FRAGMENT_SPREAD
            ? measureFragment(selection.name.value)
            : measure(selection.selectionSet);
      depth = Math.max(depth, part.depth);
      cost += part.cost;
    }
    return { depth, cost };
  };

  return measure;
};
