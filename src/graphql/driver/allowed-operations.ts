import { GraphQLError, parse } from 'graphql';

/** Documents by what they are known by. */
export type Documents = ReadonlyMap<string, string>;

/** A problem of a file, and where it stands. */
interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

type Parsed =
  | { readonly ok: true; readonly documents: Documents }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const placeOf = (text: string, part: string): Pick<Problem, 'line' | 'column'> => {
  const before = text.slice(0, Math.max(text.indexOf(part), 0)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a file lists: an object of documents by their ids, or a manifest with `operations` of `id` and `body`. */
const entriesOf = (content: unknown): readonly (readonly [id: string, body: unknown])[] | undefined => {
  if (!isRecord(content)) return undefined;
  const { operations } = content;
  if (!Array.isArray(operations)) return Object.entries(content);
  return operations
    .filter(isRecord)
    .map(({ id, body }: Readonly<Record<string, unknown>>) => [String(id), body] as const);
};

const faultOf = (body: unknown): string | undefined => {
  if (typeof body !== 'string') return `it is ${body === null ? 'null' : typeof body}`;
  try {
    parse(body);
    return undefined;
  } catch (error) {
    return error instanceof GraphQLError ? error.message : String(error);
  }
};

const noJson = (error: unknown): Problem => {
  const message = error instanceof Error ? error.message : String(error);
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  return { line: Number(line ?? 1), column: Number(column ?? 1), message: `Expected JSON, but ${message}.` };
};

/** Reads the documents of a file, or tells every problem of it. */
export const parseOperations = (text: string): Parsed => {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [noJson(error)] };
  }
  const entries = entriesOf(content);
  if (entries === undefined)
    return {
      ok: false,
      problems: [{ line: 1, column: 1, message: 'Expected documents by their ids, but found no object.' }],
    };
  const problems = entries.flatMap(([id, body]) => {
    const fault = faultOf(body);
    const message = `Expected a document for ${JSON.stringify(id)}, but ${fault}`;
    return fault === undefined ? [] : [{ ...placeOf(text, JSON.stringify(id)), message }];
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, documents: new Map(entries as readonly (readonly [string, string])[]) };
};
