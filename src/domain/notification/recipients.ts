import { asList, asObject, asText, field } from '../definition/build/fields.ts';
import type { Problem } from '../definition/definition.ts';
import { dotted, type Path, type Report } from '../definition/report.ts';
import { shapeCheck } from '../definition/schema/check-shape.ts';
import { block, described, NAME, ref, TEXT } from '../definition/schema/common.ts';
import { readSource } from '../definition/source/read-source.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Channel } from './target.ts';

/** Somebody who can be told of something: by the channels that are there. */
export interface Recipient {
  readonly email?: readonly string[];
  /** URL of an incoming webhook. */
  readonly slack?: string;
  readonly webhook?: { readonly url: string; readonly secret: string };
}

/** Recipients by name, or every problem of their file at once. */
export type ParsedRecipients =
  | { readonly ok: true; readonly recipients: ReadonlyMap<string, Recipient> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The value of a secret by its name; `undefined` when it has none. */
export type SecretOf = (name: string) => string | undefined;

const ADDRESS = '^[^\\s@<>,;"]+@[^\\s@<>,;"]+$';

const EMAIL: JsonObject = {
  title: 'an address such as ops@example.org',
  type: 'string',
  pattern: ADDRESS,
};

const SECRET_PATTERN = /^[A-Za-z0-9_]+$/;

const SECRET_NAME: JsonObject = {
  title: 'the name of a secret, of letters, digits and "_"',
  type: 'string',
  pattern: SECRET_PATTERN.source,
};

const REFERENCE: JsonObject = block(
  'a secret by its name',
  { secret: described('Its value is in the variable SAGALOG_SECRET_<NAME>.', SECRET_NAME) },
  ['secret'],
);

const URL_OR_SECRET: JsonObject = {
  ...REFERENCE,
  title: 'a URL, or a secret by its name',
  type: ['string', 'object'],
  minLength: 1,
};

const SCHEMA: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'recipients by name',
  type: 'object',
  minProperties: 1,
  propertyNames: ref('name'),
  additionalProperties: {
    ...block('how somebody is reached', {
      email: {
        title: 'an address, or a list of addresses',
        type: ['string', 'array'],
        pattern: ADDRESS,
        minItems: 1,
        items: EMAIL,
      },
      slack: URL_OR_SECRET,
      webhook: block(
        'a webhook',
        { url: URL_OR_SECRET, secret: described('Secret that requests are signed with.', SECRET_NAME) },
        ['url', 'secret'],
      ),
      description: TEXT,
    }),
  },
  $defs: { name: NAME },
};

const checkShape = shapeCheck(SCHEMA);

/** What stands there may be a secret, or was meant to be its name. */
const SECRETIVE: ReadonlySet<string | number> = new Set(['secret', 'slack', 'url']);

/** The channels by which somebody can be told. */
export const channelsOf = ({ email, slack, webhook }: Recipient): readonly Channel[] => [
  ...(slack === undefined ? [] : (['slack'] as const)),
  ...(email === undefined ? [] : (['email'] as const)),
  ...(webhook === undefined ? [] : (['webhook'] as const)),
];

/** Reads a file of recipients in YAML or JSON; no problem shows a secret's value. */
export const parseRecipients = (text: string, secretOf: SecretOf): ParsedRecipients => {
  const source = readSource(text);
  if (!('value' in source)) return { ok: false, problems: source };
  const problems = [...source.problems];
  const report: Report = {
    problem: (path, code, message, pointer) =>
      problems.push({
        code,
        ...source.locate(path, pointer),
        path: dotted(path),
        message: SECRETIVE.has(path.at(-1) ?? '') ? withoutValue(message) : message,
      }),
    warning: () => undefined,
  };
  checkShape(source.value, report);
  const recipients = new Map(
    Object.entries(asObject(source.value) ?? {}).map(([name, value]) => [
      name,
      recipientOf(value, [name], secretOf, report),
    ]),
  );
  if (problems.length === 0) return { ok: true, recipients };
  return {
    ok: false,
    problems: problems.sort((one, other) => one.line - other.line || one.column - other.column),
  };
};

const withoutValue = (message: string): string =>
  message.replace(/but found .*$/s, () => 'but found something else.');

const recipientOf = (value: Json, path: Path, secretOf: SecretOf, report: Report): Recipient => {
  const object = asObject(value);
  if (object !== undefined && channelNames(object).length === 0) {
    const message = 'Expected "email", "slack" or "webhook" here, but there is none of them.';
    report.problem(path, 'MISSING_FIELD', message, { key: true });
  }
  const email = object?.['email'];
  const slack = urlOf(object?.['slack'], [...path, 'slack'], secretOf, report);
  const webhook = object?.['webhook'];
  const url = urlOf(field(webhook, 'url'), [...path, 'webhook', 'url'], secretOf, report);
  const name = asText(field(webhook, 'secret'));
  const secret =
    name === undefined ? undefined : secretIn(name, [...path, 'webhook', 'secret'], secretOf, report);
  const addresses = asText(email) === undefined ? asList(email) : [email];
  return {
    ...(addresses === undefined ? {} : { email: addresses.map(String) }),
    ...(slack === undefined ? {} : { slack }),
    ...(url === undefined || secret === undefined ? {} : { webhook: { url, secret } }),
  };
};

const channelNames = (object: JsonObject): readonly string[] =>
  ['email', 'slack', 'webhook'].filter((name) => Object.hasOwn(object, name));

const urlOf = (
  value: Json | undefined,
  path: Path,
  secretOf: SecretOf,
  report: Report,
): string | undefined => {
  const name = asText(field(value, 'secret'));
  const url = name === undefined ? asText(value) : secretIn(name, [...path, 'secret'], secretOf, report);
  if (url === undefined) return undefined;
  const { protocol, username, password } = URL.parse(url) ?? { protocol: '', username: '', password: '' };
  if (/^https?:$/.test(protocol) && username === '' && password === '') return url;
  const message = 'Expected a URL of http or https without user and password, but found something else.';
  report.problem(path, 'WRONG_VALUE', message);
  return undefined;
};

const secretIn = (name: string, path: Path, secretOf: SecretOf, report: Report): string | undefined => {
  // The schema has refused what can be no name.
  if (!SECRET_PATTERN.test(name)) return undefined;
  const value = secretOf(name);
  if (value !== undefined && value !== '') return value;
  // What stands there may be the secret itself.
  const message =
    'Expected the secret that is named here in the variable SAGALOG_SECRET_<name>, but it is not set.';
  report.problem(path, 'MISSING_FIELD', message);
  return undefined;
};
