import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { docstringOf, fieldsOf, type Field } from './fields-of.ts';

/** What the code says of a type of event. */
export interface DescribedEvent {
  readonly type: string;
  /** What happened, as its docstring says, in one line; empty where there is none. */
  readonly about: string;
  readonly facts: readonly Field[];
  /** `undefined` where the event has none; of one that may be left out, what it is when it is there. */
  readonly payload: readonly Field[] | undefined;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const open = (path: string): ts.Program => {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, (name) => ts.sys.readFile(name));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return ts.createProgram([`${ROOT}${path}`], { ...options, noEmit: true });
};

const describe = (checker: ts.TypeChecker, alias: ts.TypeAliasDeclaration): DescribedEvent | undefined => {
  const event = checker.getTypeAtLocation(alias.name);
  const of = (name: string): ts.Type | undefined => {
    const property = event.getProperty(name);
    return property === undefined ? undefined : checker.getTypeOfSymbol(property);
  };
  const [type, facts, payload] = [of('type'), of('facts'), of('payload')];
  if (facts === undefined || type?.isStringLiteral() !== true) return undefined;
  const given = payload === undefined ? undefined : checker.getNonNullableType(payload);
  const hasPayload =
    given !== undefined && (given.flags & (ts.TypeFlags.Never | ts.TypeFlags.Undefined)) === 0;
  return {
    type: type.value,
    about: docstringOf(checker, checker.getSymbolAtLocation(alias.name)),
    facts: fieldsOf(checker, facts),
    payload: hasPayload ? fieldsOf(checker, given) : undefined,
  };
};

/** Reads every type of event that a module and what it imports declare, by the type. */
export const readEvents = (path: string): ReadonlyMap<string, DescribedEvent> => {
  const program = open(path);
  const checker = program.getTypeChecker();
  const events = program
    .getSourceFiles()
    .filter((file) => file.fileName.startsWith(`${ROOT}src/`))
    .flatMap((file) => file.statements.filter((statement) => ts.isTypeAliasDeclaration(statement)))
    // Another name of one that is declared by itself says nothing of it.
    .filter((alias) => !ts.isTypeReferenceNode(alias.type) || alias.type.typeArguments !== undefined)
    .flatMap((alias) => describe(checker, alias) ?? []);
  return new Map(events.map((event) => [event.type, event]));
};
