import type { ProblemCode, WarningCode } from './problem-codes.ts';

/** Where a value stands: keys and indexes from the top of the canonical document. */
export type Path = readonly (string | number)[];

/** What a problem points at, when not at the value itself. */
export interface Pointer {
  /** At the key rather than at its value. */
  readonly key?: boolean;
  /** Inside of an expression that begins at `begin` of the whole text. */
  readonly expression?: { readonly whole: string; readonly begin: number; readonly offset: number };
}

/** Takes what is wrong in a definition; reading goes on, so that every problem is found. */
export interface Report {
  problem(path: Path, code: ProblemCode, message: string, pointer?: Pointer): void;
  warning(path: Path, code: WarningCode, message: string, pointer?: Pointer): void;
}

/** A path as authors read it: `execution.activities[1].retry`. */
export const dotted = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
