/** What an error is in a label or an attribute: its stable code (`wrong_expected_revision`, `log_unavailable`, …), or `error`. */
export const outcomeOf = (error: unknown): string => {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code.toLowerCase() : 'error';
};
