import { ExpressionError, type Scope, type Template } from '../definition.ts';
import { dotted, type Path, type Pointer, type Report } from '../report.ts';
import { textOf, type Json, type JsonObject } from '../../json.ts';
import { checkNames, type Place } from './check-names.ts';
import { compileExpression, type Expression } from './expression.ts';
import { isTooLarge, MAX_VALUES } from './too-large.ts';
import { splitTemplate } from './template-text.ts';

type Evaluate = (scope: Scope) => Json;

/** Compiles a value in which `${…}` may stand; what is wrong in its expressions is reported. */
export const compileTemplate = (source: Json, path: Path, place: Place, report: Report): Template => {
  const evaluate = compileValue(source, path, place, report);
  return { source, evaluate: evaluate === undefined ? () => source : bounded(evaluate, source, path) };
};

/** Compiles an expression without `${…}` around it, which stands at the end of the source. */
export const compileBare = (
  source: string,
  text: string,
  path: Path,
  place: Place,
  report: Report,
): Template => ({
  source,
  evaluate: compileOne(text, source, source.length - text.length, path, place, report),
});

/** `undefined` for a value in which nothing is to be evaluated. */
const compileValue = (value: Json, path: Path, place: Place, report: Report): Evaluate | undefined => {
  if (typeof value === 'string') return compileText(value, path, place, report);
  if (value === null || typeof value !== 'object') return undefined;
  return isList(value) ? compileList(value, path, place, report) : compileObject(value, path, place, report);
};

const MANY = 16;

/** A template with many expressions may repeat a large value as often. */
const bounded = (evaluate: Evaluate, source: Json, path: Path): Evaluate => {
  const text = textOf(source);
  if (text.split('${').length <= MANY) return evaluate;
  return (scope) => {
    const value = evaluate(scope);
    if (!isTooLarge(value)) return value;
    const message = `Expected at most ${MAX_VALUES} values and 16 MiB of text, but there is more.`;
    throw new ExpressionError(text.slice(0, 60), dotted(path), message);
  };
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
    if (piece.kind === 'expression') return compileOne(piece.text, text, piece.offset, path, place, report);
    const pointer = { expression: { whole: text, begin: piece.offset, offset: 0 } };
    report.problem(path, 'BAD_EXPRESSION', 'Expected "}" to end "${", but there is none.', pointer);
    return '';
  });
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return typeof first === 'string' ? () => first : first;
  return (scope) => {
    let joined = '';
    for (const piece of pieces) {
      joined += typeof piece === 'string' ? piece : textOf(piece(scope));
      if (joined.length > MAX_TEXT) throw new ExpressionError(text, dotted(path), TOO_LONG);
    }
    return joined;
  };
};

const MAX_TEXT = 1_048_576;
const TOO_LONG = `Expected a text of at most ${MAX_TEXT} characters, but it is longer.`;

const compileOne = (
  text: string,
  whole: string,
  begin: number,
  path: Path,
  place: Place,
  report: Report,
): Evaluate => {
  const at = (offset: number): Pointer => ({ expression: { whole, begin, offset } });
  const expression = compileExpression(text);
  if ('code' in expression) {
    const { code, message, offset } = expression;
    report.problem(path, code, message, at(offset));
    return () => {
      throw new ExpressionError(text, dotted(path), message);
    };
  }
  checkNames(expression, path, place, report, at);
  return evaluator(expression, dotted(path));
};

const evaluator =
  (expression: Expression, path: string): Evaluate =>
  (scope) =>
    expression.evaluate(scope, path);
