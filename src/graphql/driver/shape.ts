import { Kind, type FieldNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** What an operation looks like, whatever its variables. */
export interface Shape {
  /** Fields below each other; those of the schema itself do not count. */
  readonly depth: number;
  /** Fields that are asked for under another name. */
  readonly aliases: number;
  /** Fields of the schema itself. */
  readonly introspection: number;
}

const NOTHING: Shape = { depth: 0, aliases: 0, introspection: 0 };

const ABOUT_THE_SCHEMA = new Set(['__schema', '__type']);

const together = (one: Shape, other: Shape): Shape => ({
  depth: Math.max(one.depth, other.depth),
  aliases: one.aliases + other.aliases,
  introspection: one.introspection + other.introspection,
});

/** Tells the shape of selections; each fragment is looked at once, and one that contains itself counts as nothing there. */
export const createShapes = (
  fragment: (name: string) => FragmentDefinitionNode | null | undefined,
): ((selections: SelectionSetNode) => Shape) => {
  const fragments = new Map<string, Shape>();
  const ofSchema = new Map<string, Shape>();

  const ofFragment = (name: string, inSchema: boolean): Shape => {
    const found = inSchema ? ofSchema : fragments;
    const known = found.get(name);
    if (known !== undefined) return known;
    found.set(name, NOTHING);
    const definition = fragment(name);
    const shape = definition == null ? NOTHING : ofSelections(definition.selectionSet, inSchema);
    found.set(name, shape);
    return shape;
  };

  const ofField = ({ name, alias, selectionSet }: FieldNode, inSchema: boolean): Shape => {
    const isInSchema = inSchema || ABOUT_THE_SCHEMA.has(name.value);
    const below = selectionSet === undefined ? NOTHING : ofSelections(selectionSet, isInSchema);
    return {
      depth: isInSchema ? 1 : 1 + below.depth,
      aliases: (alias === undefined ? 0 : 1) + below.aliases,
      introspection: (isInSchema ? 1 : 0) + below.introspection,
    };
  };

  const ofSelections = ({ selections }: SelectionSetNode, inSchema: boolean): Shape =>
    selections.reduce<Shape>((shape, selection) => {
      if (selection.kind === Kind.FIELD) return together(shape, ofField(selection, inSchema));
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return together(shape, ofSelections(selection.selectionSet, inSchema));
      return together(shape, ofFragment(selection.name.value, inSchema));
    }, NOTHING);

  return (selections) => ofSelections(selections, false);
};
