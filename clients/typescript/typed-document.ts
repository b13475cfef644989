/** An operation as text that knows its answer and its variables. */
export type TypedDocument<Answer, Variables> = string & {
  /** Nothing is there at run time. */
  readonly types?: (variables: Variables) => Answer;
};
