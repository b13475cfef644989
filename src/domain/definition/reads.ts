import { own, type Json } from '../json.ts';
import { listsIn } from './places.ts';
import type { Definition, Step, Template } from './definition.ts';
import { compileExpression } from './expression/expression.ts';
import { splitTemplate } from './expression/template-text.ts';

/** A variable, or the output of a step, that an expression cannot do without. */
export interface Read {
  readonly of: 'workflow' | 'steps';
  readonly name: string;
}

/** What the expressions of a step read, those of the steps in it left out, and its label, without which it can do. */
export const readsOfStep = ({ label: _unless, ...step }: Step): readonly Read[] => {
  const inner = new Set<unknown>(listsIn(step).map(({ steps }) => steps));
  return templatesIn(step, inner).flatMap(({ source }) => readsIn(source));
};

/** What the parameters of a step's compensation read. */
export const readsOfCompensation = ({ compensation }: Definition, name: string): readonly Read[] => {
  const { params } = own(compensation.byStep, name) ?? {};
  return params === undefined ? [] : readsIn(params.source);
};

/** What the output of a run reads. */
export const readsOfOutput = ({ output = {} }: Definition): readonly Read[] =>
  Object.values(output).flatMap(({ source }) => readsIn(source));

const isTemplate = (value: object): value is Template => 'source' in value && 'evaluate' in value;

const templatesIn = (value: unknown, without: ReadonlySet<unknown>): readonly Template[] => {
  if (value === null || typeof value !== 'object' || without.has(value)) return [];
  if (isTemplate(value)) return [value];
  return Object.values(value).flatMap((part) => templatesIn(part, without));
};

const readsIn = (source: Json): readonly Read[] => {
  if (typeof source === 'string') return readsInText(source);
  return source === null || typeof source !== 'object' ? [] : Object.values(source).flatMap(readsIn);
};

const readsInText = (text: string): readonly Read[] =>
  splitTemplate(text).flatMap((piece) => {
    const expression = piece.kind === 'expression' ? compileExpression(piece.text) : undefined;
    if (expression === undefined || 'code' in expression) return [];
    const { references } = expression.uses;
    // What is asked for by `has()` somewhere in the expression, it can do without.
    const isTested = (of: string, name: string): boolean =>
      references.some(({ names, isTested: tested }) => tested && names[0] === of && names[1] === name);
    return references.flatMap(({ names: [of, name] }): readonly Read[] =>
      (of === 'workflow' || of === 'steps') && name !== undefined && !isTested(of, name)
        ? [{ of, name }]
        : [],
    );
  });
