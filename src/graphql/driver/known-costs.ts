import { getOperationAST, visit, type DocumentNode, type ExecutionArgs } from 'graphql';
import { costOf, SIZES } from './cost.ts';

/** What is kept of a document: the variables that its cost goes by, and what it came to by their values. */
interface Known {
  readonly variables: readonly string[];
  readonly costs: Map<string, number>;
}

/** A console has one or two sizes of pages. */
const MOST = 16;

const sizeVariables = (document: DocumentNode): readonly string[] => {
  const names = new Set<string>();
  visit(document, {
    Argument: (argument) => {
      if (!SIZES.has(argument.name.value)) return;
      visit(argument, { Variable: ({ name }) => void names.add(name.value) });
    },
  });
  return [...names];
};

const isSize = (value: unknown): boolean => value == null || typeof value === 'number';

/** Tells what operations cost, those of a document once as long as that is kept, for each of the sizes that they ask for. */
export const createCosts = (): ((args: ExecutionArgs) => number) => {
  const documents = new WeakMap<DocumentNode, Known>();

  const knownOf = (document: DocumentNode): Known => {
    const there = documents.get(document);
    if (there !== undefined) return there;
    const known = { variables: sizeVariables(document), costs: new Map<string, number>() };
    documents.set(document, known);
    return known;
  };

  return ({ schema, document, operationName, variableValues }) => {
    const given = variableValues ?? {};
    const cost = (): number => {
      const operation = getOperationAST(document, operationName);
      return operation == null ? 0 : costOf(schema, document, operation, given);
    };
    const { variables, costs } = knownOf(document);
    const sizes = variables.map((name) => given[name]);
    if (!sizes.every(isSize)) return cost();
    const key = `${sizes.join()} ${operationName ?? ''}`;
    const there = costs.get(key);
    if (there !== undefined) return there;
    const found = cost();
    if (costs.size >= MOST) costs.clear();
    costs.set(key, found);
    return found;
  };
};
