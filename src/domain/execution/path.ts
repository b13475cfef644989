/** The branch that every run begins in: the definition's own list of steps. */
export const ROOT = '';

/** The name of the step at a path: `charge` of `each[3].charge`. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** The branch that a step is in: `each[3]` of `each[3].charge`, the root of `charge`. */
export const branchOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));

/** The path of a step in a branch. */
export const pathIn = (branch: string, name: string): string =>
  branch === ROOT ? name : `${branch}.${name}`;

/** A branch of the block at a path: `each[3]`. */
export const branchAt = (block: string, key: string): string => `${block}[${key}]`;

/** The path of the block that a branch is of: `each` of `each[3]`. */
export const blockOf = (branch: string): string => branch.slice(0, branch.lastIndexOf('['));

/** What tells a branch from the others of its block: `3` of `each[3]`. */
export const keyOf = (branch: string): string => branch.slice(branch.lastIndexOf('[') + 1, -1);

/** Whether a step or a branch is in a branch, at any depth; a branch is not in itself. */
export const isWithin = (path: string, branch: string): boolean =>
  branch === ROOT ? path !== ROOT : path.startsWith(`${branch}.`);

/** The branches around a step of a branch, the outermost first: the root left out. */
export const lineOf = (branch: string): readonly string[] =>
  branch === ROOT ? [] : [...lineOf(branchOf(blockOf(branch))), branch];
