import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { getMetadataStorage, validate, type ValidationError } from 'class-validator';
import { Rejection } from '../../domain/rejection.ts';
import { createBoundedCache, type TextCache } from '../../domain/bounded-cache.ts';
import { textOfPlain } from './plain-text.ts';

const SHOWN = 100;

const shown = (value: unknown): string => {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length} characters)` : text;
};

/** A field that is wrong. */
type WrongField = { readonly field: string; readonly found: string; readonly expected: string };

const fieldsOf = (errors: readonly ValidationError[], path: string): WrongField[] =>
  errors.flatMap(({ property, value, constraints, children }) => {
    const field = path === '' ? property : `${path}.${property}`;
    const own = Object.values(constraints ?? {}).map((expected) => ({
      field,
      found: shown(value),
      expected,
    }));
    return [...own, ...fieldsOf(children ?? [], field)];
  });

/** The refusal of an input: every field that is wrong, what was found there and what was expected. */
export const inputRejection = (errors: readonly ValidationError[], path: string): Rejection => {
  const fields = fieldsOf(errors, path);
  const lines = fields.map(
    ({ field, found, expected }) => `${field}: expected ${expected}, but found ${found}`,
  );
  return new Rejection('BAD_USER_INPUT', `Expected an input that can be used, but ${lines.join('; ')}.`, {
    ...fields[0],
    fields,
  });
};

/** Characters of the inputs of a class that are remembered. */
const REMEMBERED = 64 * 1024;

// What was good once is good: what is said of a class goes by nothing but its values. Checking takes longer than most of
// what is asked for, and who looks at something asks for it again and again.
const goodInputs = new WeakMap<Type<unknown>, TextCache<true>>();

const goodInputsOf = (type: Type<unknown>): TextCache<true> => {
  const known = goodInputs.get(type);
  if (known !== undefined) return known;
  const cache = createBoundedCache<true>(REMEMBERED);
  goodInputs.set(type, cache);
  return cache;
};

const checkInput = async (type: Type<unknown>, value: unknown, place: string): Promise<unknown> => {
  if (typeof value !== 'object' || value === null) return value;
  const input = Object.assign(new type() as object, value);
  const text = textOfPlain(value);
  const good = goodInputsOf(type);
  if (text !== undefined && good.get(text) === true) return input;
  const errors = await validate(input, { validationError: { target: false } });
  if (errors.length > 0) throw inputRejection(errors, place);
  if (text !== undefined) good.set(text, true);
  return input;
};

// Decorators have said all of a class before it is first asked for, and gathering that takes longer than checking by it.
const inputClasses = new WeakMap<Type<unknown>, boolean>();

const isInputClass = (type: Type<unknown>): boolean => {
  const known = inputClasses.get(type);
  if (known !== undefined) return known;
  const is = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false).length > 0;
  inputClasses.set(type, is);
  return is;
};

/**
 * Checks an argument, or all of a field, by the decorators of its class; their messages say what is expected.
 * Values are handed on as they came: copying would lose what is in users' JSON.
 */
@Injectable()
export class InputPipe implements PipeTransform<unknown, Promise<unknown>> {
  async transform(value: unknown, { metatype, data }: ArgumentMetadata): Promise<unknown> {
    return metatype === undefined || !isInputClass(metatype)
      ? value
      : checkInput(metatype, value, data ?? '');
  }
}

/** Checks an argument that may be null by this class: not every compiler tells the class of a type with null in it. */
export const nullable = (type: Type<unknown>): PipeTransform<unknown, Promise<unknown>> => ({
  transform: (value, { data }) => checkInput(type, value, data ?? ''),
});
