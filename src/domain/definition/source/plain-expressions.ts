import { endOfExpression, endOfString } from '../expression/template-text.ts';

/** A stretch of a text, the end not counted. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Each is looked for to the end of its line; a document with more of them is hopeless, and must not take long. */
const MAX_UNCLOSED = 100;

/**
 * Where `${…}` stands in YAML without quotes around it. Inside of quotes, comments and block texts YAML reads
 * nothing into it, and what ends it may be an escape there: `"${x == \"a\"}"`, as every JSON document writes it.
 */
export const plainExpressions = (source: string): readonly Span[] => {
  const spans: Span[] = [];
  let at = 0;
  let flow = 0;
  /** Whether a key or a value may begin here, so that a quote is a quote. */
  let fresh = true;
  let unclosed = 0;
  while (at < source.length && unclosed < MAX_UNCLOSED) {
    const character = source[at] ?? '';
    const next = source[at + 1] ?? '\n';
    if (character === '\n') {
      fresh = true;
    } else if (character === '#' && isSpace(source[at - 1] ?? '\n')) {
      at = endOfLine(source, at) - 1;
    } else if (character === '$' && next === '{') {
      const end = endOfExpression(source.slice(0, endOfLine(source, at)), at + 2);
      const to = end === -1 ? at + 2 : end + 1;
      if (end === -1) unclosed += 1;
      spans.push({ from: at, to });
      fresh = false;
      at = to - 1;
    } else if (fresh && (character === '"' || character === "'")) {
      at = endOfQuoted(source, at) - 1;
      fresh = false;
    } else if (fresh && flow === 0 && isBlockHeader(source, at)) {
      at = endOfBlock(source, at) - 1;
    } else if (fresh && (character === '&' || character === '!')) {
      while (!isSpace(source[at + 1] ?? '\n')) at += 1;
    } else if ((fresh || flow > 0) && (character === '[' || character === '{')) {
      flow += 1;
      fresh = true;
    } else if (flow > 0 && (character === ']' || character === '}')) {
      flow -= 1;
      fresh = false;
    } else if (character === ':') {
      fresh = isSpace(next) || (flow > 0 && /["'\]},[{]/.test((source[at - 1] ?? '') + next));
    } else if (flow > 0 && character === ',') {
      fresh = true;
    } else if (!isSpace(character) && !isIndicator(source, at, fresh)) {
      fresh = false;
    }
    at += 1;
  }
  return spans;
};

const isSpace = (character: string): boolean =>
  character === ' ' || character === '\n' || character === '\t' || character === '\r';

/** `- `, `? ` or `---`, after which a value begins. */
const isIndicator = (source: string, at: number, fresh: boolean): boolean => {
  const character = source[at];
  if (!fresh || (character !== '-' && character !== '?')) return false;
  return isSpace(source[at + 1] ?? '\n') || source.startsWith('---', at) || source.startsWith('---', at - 1);
};

const endOfLine = (source: string, from: number): number => {
  const end = source.indexOf('\n', from);
  return end === -1 ? source.length : end;
};

const endOfQuoted = (source: string, from: number): number => {
  if (source[from] === '"') {
    const end = endOfString(source, from + 1, '"', false);
    return end === -1 ? source.length : end;
  }
  for (let at = source.indexOf("'", from + 1); at !== -1; at = source.indexOf("'", at + 2))
    if (source[at + 1] !== "'") return at + 1;
  return source.length;
};

const HEADER = /[|>][-+0-9]*[ \t]*(?: #.*)?\r?$/my;

const isBlockHeader = (source: string, at: number): boolean => {
  if (source[at] !== '|' && source[at] !== '>') return false;
  HEADER.lastIndex = at;
  return HEADER.test(source);
};

/** A block text goes on while its lines are empty or stand further right than the key that it belongs to. */
const endOfBlock = (source: string, header: number): number => {
  const begin = source.lastIndexOf('\n', header) + 1;
  const [lead = ''] = /^[ \t]*(?:[-?][ \t]+)*/.exec(source.slice(begin, header)) ?? [];
  const hasKey = begin + lead.length < header;
  const indent = hasKey ? lead.length : Math.max(lead.lastIndexOf('-'), lead.lastIndexOf('?'));
  let at = endOfLine(source, header);
  while (at < source.length) {
    const end = endOfLine(source, at + 1);
    const line = source.slice(at + 1, end);
    if (line.trim() !== '' && line.search(/[^ ]/) <= indent) return at;
    at = end;
  }
  return at;
};
