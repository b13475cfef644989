import { asDuration, asList, asObject, asText, field } from '../definition/build/fields.ts';
import type { Problem } from '../definition/definition.ts';
import { dotted, type Path, type Report } from '../definition/report.ts';
import { shapeCheck } from '../definition/schema/check-shape.ts';
import { block, described, DURATION, NAME, oneOf, ref, TEXT } from '../definition/schema/common.ts';
import { readSource } from '../definition/source/read-source.ts';
import type { Json, JsonObject } from '../json.ts';

/** Where a recorder sends things by HTTP. */
export interface HttpTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that one request may take. */
  readonly timeout: number;
}

/** A recorder as a file describes it. */
export type RecorderConfig = { readonly name: string; readonly from: 'start' | 'now' } & (
  { readonly kind: 'file'; readonly path: string } | ({ readonly kind: 'webhook' | 'otlp_logs' } & HttpTarget)
);

/** Recorders, or every problem of their file at once. */
export type ParsedRecorders =
  | { readonly ok: true; readonly recorders: readonly RecorderConfig[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const TEXT_OR_SECRET: JsonObject = {
  ...block('a secret by its name', { secret: described('In the variable SAGALOG_SECRET_<NAME>.', TEXT) }),
  title: 'a text, or a secret by its name',
  type: ['string', 'object'],
  minLength: 1,
};

const TARGET: JsonObject = block(
  'where requests are sent',
  {
    url: TEXT_OR_SECRET,
    headers: { title: 'headers by name', type: 'object', additionalProperties: TEXT_OR_SECRET },
    timeout: DURATION,
  },
  ['url'],
);

const checkShape = shapeCheck({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'recorders by name',
  type: 'object',
  minProperties: 1,
  propertyNames: ref('name'),
  additionalProperties: block('a recorder', {
    from: oneOf('start', 'now'),
    file: TEXT,
    webhook: TARGET,
    otlp_logs: TARGET,
  }),
  $defs: { name: NAME },
});

const KINDS = ['file', 'webhook', 'otlp_logs'] as const;
const USUAL_TIMEOUT = 10_000;

interface Reading {
  readonly report: Report;
  readonly secretOf: (name: string) => string | undefined;
}

const textOf = ({ report, secretOf }: Reading, value: Json | undefined, path: Path): string => {
  const secret = asText(field(value, 'secret'));
  if (secret === undefined) return asText(value) ?? '';
  const found = secretOf(secret);
  if (found === undefined)
    report.problem(path, 'MISSING_FIELD', `Expected SAGALOG_SECRET_${secret} to be set, but it is not.`);
  return found ?? '';
};

const targetOf = (reading: Reading, value: Json | undefined, path: Path): HttpTarget => {
  const url = textOf(reading, field(value, 'url'), [...path, 'url']);
  if (url !== '' && !/^https?:\/\//.test(url))
    reading.report.problem([...path, 'url'], 'WRONG_VALUE', 'Expected an http or https URL, but it is none.');
  const headers = Object.entries(asObject(field(value, 'headers')) ?? {});
  return {
    url,
    headers: Object.fromEntries(
      headers.map(([name, header]) => [name, textOf(reading, header, [...path, 'headers', name])]),
    ),
    timeout: asDuration(field(value, 'timeout')) ?? USUAL_TIMEOUT,
  };
};

const recorderOf = (reading: Reading, name: string, value: Json): RecorderConfig => {
  const from = field(value, 'from') === 'now' ? 'now' : 'start';
  const [kind = 'file', ...more] = KINDS.filter((known) => field(value, known) !== undefined);
  if (field(value, kind) === undefined || more.length > 0)
    reading.report.problem(
      [name],
      'MISSING_FIELD',
      'Expected one of "file", "webhook" and "otlp_logs", but found none of them or several.',
      { key: true },
    );
  if (kind === 'file') return { name, from, kind, path: asText(field(value, 'file')) ?? '' };
  return { name, from, kind, ...targetOf(reading, field(value, kind), [name, kind]) };
};

/** Reads a file of recorders in YAML or JSON; `secretOf` answers the value of a secret. */
export const parseRecorders = (text: string, secretOf: Reading['secretOf']): ParsedRecorders => {
  const source = readSource(text);
  if (!('value' in source)) return { ok: false, problems: source };
  const problems = [...source.problems];
  const report: Report = {
    problem: (path, code, message, pointer) =>
      problems.push({ code, ...source.locate(path, pointer), path: dotted(path), message }),
    warning: () => undefined,
  };
  checkShape(source.value, report);
  const reading = { report, secretOf };
  const entries = asList(source.value) === undefined ? Object.entries(asObject(source.value) ?? {}) : [];
  const recorders = entries.map(([name, value]) => recorderOf(reading, name, value));
  if (problems.length === 0) return { ok: true, recorders };
  return {
    ok: false,
    problems: problems.sort((one, other) => one.line - other.line || one.column - other.column),
  };
};
