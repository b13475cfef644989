/** The most characters of an error's type that are kept: of a longer one so many, and `…`. */
export const LONGEST_KEPT_TYPE = 200;

/** The most characters that the type of an error has as it is recorded. */
export const LONGEST_ERROR_TYPE = LONGEST_KEPT_TYPE + 1;
