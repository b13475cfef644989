import ts from 'typescript';

/** A field of an object, as the code declares it. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  /** Its docstring in one line; empty where there is none. */
  readonly about: string;
}

/** What is said by its name, since its parts say nothing to a reader. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['Json', 'JSON'],
  ['JsonObject', 'JSON object'],
]);

const textOfUnion = (checker: ts.TypeChecker, { types }: ts.UnionType): string => {
  const texts = types
    .filter((part) => (part.flags & ts.TypeFlags.Undefined) === 0)
    .map((part) => textOf(checker, part));
  const isBoolean = texts.includes('true') && texts.includes('false');
  const shown = isBoolean
    ? [...texts.filter((text) => text !== 'true' && text !== 'false'), 'boolean']
    : texts;
  return [...new Set(shown)].join(' | ');
};

const textOfArray = (checker: ts.TypeChecker, type: ts.Type): string => {
  const [element] = checker.getTypeArguments(type as ts.TypeReference);
  const text = element === undefined ? 'unknown' : textOf(checker, element);
  return element?.isUnion() === true && text.includes(' | ') ? `(${text})[]` : `${text}[]`;
};

const textOfObject = (checker: ts.TypeChecker, type: ts.Type): string => {
  const values = type.getStringIndexType();
  if (values !== undefined) return `{ [name]: ${textOf(checker, values)} }`;
  const fields = fieldsOf(checker, type).map(
    ({ name, type: of, isOptional }) => `${name}${isOptional ? '?' : ''}: ${of}`,
  );
  return `{ ${fields.join(', ')} }`;
};

const textOf = (checker: ts.TypeChecker, type: ts.Type): string => {
  const named = NAMED.get(type.aliasSymbol?.name ?? '');
  if (named !== undefined) return named;
  if (type.isStringLiteral()) return `'${type.value}'`;
  if (type.isUnion()) return textOfUnion(checker, type);
  if (checker.isArrayType(type)) return textOfArray(checker, type);
  const isObject = (type.flags & ts.TypeFlags.Object) !== 0 || type.isIntersection();
  return isObject ? textOfObject(checker, type) : checker.typeToString(type);
};

/** As it is declared where that has a name: a field that may be left out has lost it. */
const textOfField = (checker: ts.TypeChecker, field: ts.Symbol): string => {
  const declared = field.valueDeclaration;
  const node =
    declared !== undefined && ts.isPropertySignature(declared) ? declared.type?.getText() : undefined;
  return NAMED.get(node ?? '') ?? textOf(checker, checker.getTypeOfSymbol(field));
};

/** A docstring in one line. */
export const docstringOf = (checker: ts.TypeChecker, symbol: ts.Symbol | undefined): string =>
  ts.displayPartsToString(symbol?.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ');

/** The fields of an object's type in the order of their declaration; of a union those of any part. */
export const fieldsOf = (checker: ts.TypeChecker, type: ts.Type): readonly Field[] => {
  const parts = type.isUnion() ? type.types : [type];
  const names = new Set(parts.flatMap((part) => part.getProperties().map(({ name }) => name)));
  return [...names].map((name) => {
    const found = parts.flatMap((part) => part.getProperty(name) ?? []);
    const isOptional =
      found.length < parts.length || found.some(({ flags }) => (flags & ts.SymbolFlags.Optional) !== 0);
    const texts = new Set(found.map((field) => textOfField(checker, field)));
    const about = found.map((field) => docstringOf(checker, field)).find((text) => text !== '') ?? '';
    return { name, type: [...texts].join(' | '), isOptional, about };
  });
};
