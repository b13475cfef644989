/** A piece of a text: as it stands, or an expression. `offset` is where the expression's text begins. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly text: string; readonly offset: number }
  | { readonly kind: 'unclosed'; readonly text: string; readonly offset: number };

/** Splits a text at its `${…}`; `$${` stands for `${` as it is. */
export const splitTemplate = (text: string): readonly Piece[] => {
  const pieces: Piece[] = [];
  let literal = '';
  let at = 0;
  for (let mark = text.indexOf('${'); mark !== -1; mark = text.indexOf('${', at)) {
    if (mark > at && text[mark - 1] === '$') {
      literal += `${text.slice(at, mark - 1)}\${`;
      at = mark + 2;
      continue;
    }
    literal += text.slice(at, mark);
    const offset = mark + 2;
    const end = endOfExpression(text, offset);
    if (end === -1) return [...pieces, { kind: 'unclosed', text: text.slice(offset), offset }];
    if (literal !== '') pieces.push({ kind: 'text', text: literal });
    literal = '';
    pieces.push({ kind: 'expression', text: text.slice(offset, end), offset });
    at = end + 1;
  }
  literal += text.slice(at);
  if (literal !== '') pieces.push({ kind: 'text', text: literal });
  return pieces;
};

const QUOTES = ['"""', "'''", '"', "'"];

/** Index of the `}` that ends an expression, braces inside of it and inside of its strings passed over; -1 for none. */
export const endOfExpression = (text: string, from: number): number => {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text[at];
    if (character === '}' && depth === 0) return at;
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    const quote =
      character === '"' || character === "'" ? QUOTES.find((q) => text.startsWith(q, at)) : undefined;
    if (quote === undefined) {
      at += 1;
      continue;
    }
    const end = endOfString(text, at + quote.length, quote, isRaw(text, at, from));
    if (end === -1) return -1;
    at = end;
  }
  return -1;
};

const isRaw = (text: string, at: number, from: number): boolean => {
  const prefix = /(?<![A-Za-z0-9_])[rRbB]{1,2}$/.exec(text.slice(Math.max(from, at - 3), at))?.[0];
  return prefix !== undefined && /r/i.test(prefix);
};

/** Index behind the quote that ends a string, escapes passed over unless it is raw; -1 for none. */
export const endOfString = (text: string, from: number, quote: string, raw: boolean): number => {
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith(quote, at)) return at + quote.length;
    if (!raw && text[at] === '\\') at += 1;
  }
  return -1;
};
