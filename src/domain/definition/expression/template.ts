import { ExpressionError, type Scope, type Template } from '../definition.ts';
import { dotted, type Path, type Report } from '../report.ts';
import type { Json, JsonObject } from '../../json.ts';
import { checkNames, type Place } from './check-names.ts';
import { compileExpression, type Expression } from './expression.ts';
import { splitTemplate } from './template-text.ts';

type Evaluate = (scope: Scope) => Json;

/** Compiles a value in which `${…}` may stand; what is wrong in its expressions is reported. */
export const compileTemplate = (source: Json, path: Path, place: Place, report: Report): Template => {
  const evaluate = compileValue(source, path, place, report);
  return { source, evaluate: evaluate ?? (() => source) };
};

/** Compiles a text that is an expression without `${…}` around it. */
export const compileBare = (
  source: string,
  text: string,
  path: Path,
  place: Place,
  report: Report,
): Template => ({
  source,
  evaluate: compileOne(text, path, place, report),
});

/** `undefined` for a value in which nothing is to be evaluated. */
const compileValue = (value: Json, path: Path, place: Place, report: Report): Evaluate | undefined => {
  if (typeof value === 'string') return compileText(value, path, place, report);
  if (value === null || typeof value !== 'object') return undefined;
  return isList(value) ? compileList(value, path, place, report) : compileObject(value, path, place, report);
};

const isList = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value);

const compileList = (
  list: readonly Json[],
  path: Path,
  place: Place,
  report: Report,
): Evaluate | undefined => {
  const items = list.map((item, index) => compileValue(item, [...path, index], place, report));
  if (items.every((item) => item === undefined)) return undefined;
  return (scope) =>
    list.map((item, index) => {
      const evaluate = items[index];
      return evaluate === undefined ? item : evaluate(scope);
    });
};

const compileObject = (
  object: JsonObject,
  path: Path,
  place: Place,
  report: Report,
): Evaluate | undefined => {
  const fields = Object.entries(object).map(
    ([key, value]) => [key, value, compileValue(value, [...path, key], place, report)] as const,
  );
  if (fields.every(([, , evaluate]) => evaluate === undefined)) return undefined;
  return (scope) =>
    Object.fromEntries(
      fields.map(([key, value, evaluate]) => [key, evaluate === undefined ? value : evaluate(scope)]),
    );
};

const compileText = (text: string, path: Path, place: Place, report: Report): Evaluate | undefined => {
  if (!text.includes('${')) return undefined;
  const pieces = splitTemplate(text).map((piece): string | Evaluate => {
    if (piece.kind === 'text') return piece.text;
    if (piece.kind === 'expression') return compileOne(piece.text, path, place, report);
    const pointer = { expression: { text: piece.text, offset: 0 } };
    report.problem(path, 'BAD_EXPRESSION', 'Expected "}" to end "${", but there is none.', pointer);
    return '';
  });
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return typeof first === 'string' ? () => first : first;
  return (scope) =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : asText(piece(scope)))).join('');
};

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const compileOne = (text: string, path: Path, place: Place, report: Report): Evaluate => {
  const expression = compileExpression(text);
  if ('code' in expression) {
    const { code, message, offset } = expression;
    report.problem(path, code, message, { expression: { text, offset } });
    return () => {
      throw new ExpressionError(text, dotted(path), message);
    };
  }
  checkNames(expression, path, place, report);
  return evaluator(expression, dotted(path));
};

const evaluator =
  (expression: Expression, path: string): Evaluate =>
  (scope) =>
    expression.evaluate(scope, path);
