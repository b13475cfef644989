/** What came back of an operation. */
export interface Came {
  /** 200 for what came over a socket. */
  readonly status: number;
  readonly text: string;
}

/** Codes of what the server itself does wrong; `UNAVAILABLE` is right when a store is away, and here none is. */
const FAULTS = [
  'INTERNAL',
  'INTERNAL_SERVER_ERROR',
  'UNAVAILABLE',
  'LOG_UNAVAILABLE',
  'READ_MODELS_UNAVAILABLE',
];

/** What only the inside of a program has. */
const INSIDE =
  /node_modules|node:internal|\bdist\/|\bsrc\/|\.[jt]s:\d+|\bat \S+ \(|TypeError|ReferenceError|RangeError|SyntaxError|SQLITE|Cannot read prop|is not a function|\[object Object\]/;

const CODE = /"code":"([A-Z_]+)"/g;

/** The codes of all errors of an answer. */
export const codesIn = (text: string): readonly string[] =>
  [...text.matchAll(CODE)].map(([, code = '']) => code);

interface Answer {
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[];
}

const answersIn = (text: string): readonly Answer[] | undefined => {
  try {
    const parsed = JSON.parse(text) as Answer | readonly Answer[];
    return [parsed].flat();
  } catch {
    return undefined;
  }
};

/** The first part of an answer in several. */
const partOf = (text: string): string => /\r\n\r\n(.*)\r\n---/s.exec(text)?.[1] ?? '';

/** What is wrong with what came back; `undefined` when nothing is. What was asked with may come back, wherever that came from. */
export const faultOf = (
  { status, text }: Came,
  secrets: readonly string[],
  asked: string,
): string | undefined => {
  const secret = secrets.find((planted) => text.includes(planted));
  if (secret !== undefined) return `leaks ${secret}`;
  if (status >= 500) return `status ${status}`;
  const fault = codesIn(text).find((code) => FAULTS.includes(code));
  if (fault !== undefined) return `code ${fault}`;
  const [inside] = INSIDE.exec(text) ?? [];
  if (inside !== undefined && !asked.includes(inside)) return `tells of its inside: ${inside}`;
  if (status === 404 || text === '') return status < 400 ? 'nothing' : undefined;
  const answers = answersIn(text.trimStart().startsWith('---') ? partOf(text) : text);
  if (answers === undefined) return 'no JSON';
  const isUncoded = answers.some(({ errors = [] }) =>
    errors.some(({ extensions }) => typeof extensions?.code !== 'string'),
  );
  return isUncoded ? 'an error without a code' : undefined;
};
