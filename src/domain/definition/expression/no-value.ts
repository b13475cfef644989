/** An expression has no value; the message says what was expected and what was found. */
export class NoValue extends Error {}
