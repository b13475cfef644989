/** The beginning of a text, at most so many characters as UTF-16 counts them. One that it counts as two is not cut in half. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');

/** The same, with `…` as the last of them where something is left out. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${cut(text, most - 1)}…`;
