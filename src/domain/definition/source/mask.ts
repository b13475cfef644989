import { endOfExpression } from '../expression/template-text.ts';

/**
 * `${…}` may stand unquoted anywhere, also where YAML would read its braces, colons or commas as its own.
 * They are swapped for characters that mean nothing to YAML, one for one, so that every position stays.
 */
export interface Masked {
  readonly text: string;
  /** Puts back what was swapped. */
  readonly unmask: (text: string) => string;
}

const SPECIAL = '{}[],:#&*!|>%@`?-';

/** First of the characters of Unicode that no text has a meaning for. */
const PRIVATE = 0xe000;
const PRIVATE_END = 0xf8ff;

/** Hides the inside of `${…}` from the YAML parser. */
export const maskExpressions = (source: string): Masked => {
  if (!source.includes('${')) return { text: source, unmask: (text) => text };
  const substitutes = unused(source);
  const swap = new Map(
    SPECIAL.split('').map((character, index) => [character, substitutes[index] ?? character]),
  );
  const back = new Map([...swap].map(([character, substitute]) => [substitute, character]));
  let text = '';
  let at = 0;
  for (let mark = source.indexOf('${'); mark !== -1; mark = source.indexOf('${', at)) {
    const newline = source.indexOf('\n', mark);
    const line = source.slice(0, newline === -1 ? source.length : newline);
    const end = endOfExpression(line, mark + 2);
    const to = end === -1 ? mark + 2 : end + 1;
    const inside = end === -1 ? '${' : source.slice(mark, to);
    text += source.slice(at, mark) + swapped(inside, swap);
    at = to;
  }
  text += source.slice(at);
  const pattern = new RegExp(`[${substitutes.join('')}]`, 'g');
  return {
    text,
    unmask: (masked) => masked.replace(pattern, (character) => back.get(character) ?? character),
  };
};

const swapped = (text: string, swap: ReadonlyMap<string, string>): string =>
  Array.from(text, (character) => swap.get(character) ?? character).join('');

const unused = (source: string): readonly string[] => {
  const characters: string[] = [];
  for (let code = PRIVATE; code <= PRIVATE_END && characters.length < SPECIAL.length; code += 1) {
    const character = String.fromCharCode(code);
    if (!source.includes(character)) characters.push(character);
  }
  return characters;
};
