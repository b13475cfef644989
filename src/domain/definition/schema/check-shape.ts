import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { show } from '../expression/show.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { ProblemCode } from '../problem-codes.ts';
import type { Path, Pointer, Report } from '../report.ts';
import { didYouMean } from '../suggest.ts';
import { DEFINITION_SCHEMA } from './definition-schema.ts';

/** Reports everything in which a document differs from a schema, whose titles say what is expected. */
export type ShapeCheck = (document: Json, report: Report) => void;

/** A check by a schema, which is compiled by the first document: that may take longer than a whole start does otherwise. */
export const shapeCheck = (schema: JsonObject): ShapeCheck => {
  let compiled: ValidateFunction | undefined;
  return (document, report) => {
    const validate = (compiled ??= compile(schema));
    if (!validate(document)) reportAll(validate.errors ?? [], document, report);
  };
};

const compile = (schema: JsonObject): ValidateFunction =>
  new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    allowUnionTypes: true,
    validateFormats: false,
  }).compile(schema);

/** Reports everything in which a document differs from the published schema. */
export const checkShape: ShapeCheck = shapeCheck(DEFINITION_SCHEMA);

const reportAll = (errors: readonly ErrorObject[], document: Json, report: Report): void => {
  const seen = new Set<string>();
  for (const error of errors) {
    const { instancePath, keyword, propertyName } = error;
    if (keyword === 'propertyNames') continue;
    const field =
      keyword === 'required' || keyword === 'additionalProperties' ? JSON.stringify(error.params) : '';
    const key = `${instancePath} ${propertyName ?? ''} ${field}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const path = pathOf(document, instancePath);
    if (propertyName === undefined) describe(error, path, report);
    else describe(error, [...path, propertyName], report, { key: true });
  }
};

const describe = (error: ErrorObject, path: Path, report: Report, pointer?: Pointer): void => {
  const { keyword, params, parentSchema, data } = error;
  const { title = 'another value', properties = {} } = (parentSchema ?? {}) as {
    title?: string;
    properties?: object;
  };
  switch (keyword) {
    case 'additionalProperties': {
      const { additionalProperty: field } = params as { additionalProperty: string };
      const known = Object.keys(properties);
      const message = `Expected a field of ${title}, but there is no "${field}".${didYouMean(field, known)}`;
      return report.problem([...path, field], 'UNKNOWN_FIELD', message, { key: true });
    }
    case 'required': {
      const { missingProperty: field } = params as { missingProperty: string };
      const message = `Expected "${field}" here, but it is missing.`;
      return report.problem(path, 'MISSING_FIELD', message, { key: true });
    }
    default: {
      const fields = keyword === 'type' && Object.keys(properties).length > 0 ? fieldsOf(properties) : '';
      const hint = keyword === 'enum' ? suggestion(params, data) : '';
      report.problem(
        path,
        codeOf(keyword, title),
        `Expected ${title}${fields}, but found ${show(data as Json)}.${hint}`,
        pointer,
      );
    }
  }
};

const fieldsOf = (properties: object): string => {
  const names = Object.keys(properties).map((name) => `"${name}"`);
  return `, an object with ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`;
};

const codeOf = (keyword: string, title: string): ProblemCode => {
  if (title.startsWith('a duration')) return 'BAD_DURATION';
  if (title.startsWith('a name')) return 'BAD_NAME';
  return keyword === 'type' ? 'WRONG_TYPE' : 'WRONG_VALUE';
};

const suggestion = (params: Readonly<Record<string, unknown>>, found: unknown): string =>
  typeof found === 'string' ? didYouMean(found, (params as { allowedValues: string[] }).allowedValues) : '';

/** A JSON pointer as keys and indexes. */
const pathOf = (document: Json, pointer: string): Path => {
  let value: unknown = document;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      value = (value as Record<string | number, unknown> | null | undefined)?.[step];
      return step;
    });
};
