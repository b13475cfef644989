/** The most characters that the type of an error has as it is recorded: of a longer one the first 200, and `…`. */
export const LONGEST_ERROR_TYPE = 201;
