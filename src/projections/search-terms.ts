import type { SearchValue } from '../domain/definition/search.ts';

/** A stretch of terms: from one on, up to another that is not in it. */
export interface TermSpan {
  readonly from: string;
  readonly before: string;
}

const sign = 1n << 63n;

/** A number as text whose order is that of the numbers: 16 hexadecimal digits. */
const sortable = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8));
  // Below zero there is no second zero.
  view.setFloat64(0, value + 0);
  const bits = view.getBigUint64(0);
  const ordered = (bits & sign) === 0n ? bits | sign : ~bits & ((1n << 64n) - 1n);
  return ordered.toString(16).padStart(16, '0');
};

const coded = (value: SearchValue): string => {
  switch (typeof value) {
    case 'string':
      return `s${value}`;
    case 'number':
      return `n${sortable(value)}`;
    default:
      return `b${value ? 1 : 0}`;
  }
};

/** The term of an attribute with a value. No name has a `=` in it. */
export const attributeTerm = (name: string, value: SearchValue): string => `${name}=${coded(value)}`;

/** The term of a tag. No attribute's name begins so. */
export const tagTerm = (tag: string): string => `#${tag}`;

/** What executions are found by as texts: one for each attribute and each tag. */
export const termsOf = (
  search: Readonly<Record<string, SearchValue>>,
  tags: readonly string[],
): readonly string[] => [
  ...Object.entries(search).map(([name, value]) => attributeTerm(name, value)),
  ...tags.map(tagTerm),
];

/** Behind every character. */
const LAST = '\u{10FFFF}';

/** The terms of an attribute whose text begins so. */
export const prefixSpan = (name: string, prefix: string): TermSpan => ({
  from: attributeTerm(name, prefix),
  before: `${attributeTerm(name, prefix)}${LAST}`,
});

/** The terms of an attribute from one value on and before another, which are of one type; all of that type where one is left out. */
export const valueSpan = (
  name: string,
  from: SearchValue | undefined,
  before: SearchValue | undefined,
): TermSpan => {
  const type = coded(from ?? before ?? '').slice(0, 1);
  return {
    from: from === undefined ? `${name}=${type}` : attributeTerm(name, from),
    before: before === undefined ? `${name}=${type}${LAST}` : attributeTerm(name, before),
  };
};
