import { plainExpressions } from './plain-expressions.ts';

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
  for (const { from, to } of plainExpressions(source)) {
    text += source.slice(at, from) + swapped(source.slice(from, to), swap);
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
