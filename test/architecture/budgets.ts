import ts from 'typescript';

/** A file of the repository as text; the path is relative to its root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The most lines that a file may have. */
export const MAX_LINES = 350;

/** How many lines a text has; the line break at the end does not begin another. */
export const linesOf = ({ text }: SourceFile): number => text.replace(/\n$/, '').split('\n').length;

const CODE = /\.m?[jt]s$/;
const CONFIG = /\.config\.m?[jt]s$/;
// Written so that they do not find themselves.
const LEFT_OVER = /\b(TO[D]O|FI[X]ME|X[X]X|HA[C]K)\b/;
const SILENCED = /@ts-(ignor[e]|nochec[k])/;
const MACHINE =
  /(^|[\s"'`(=:])(\/(work|home|Users|root)\/)|\.\.\/share[d]\/|registry\.npmj[s]|npmmirro[r]|proxy\.golan[g]/m;

// A pause by a clock that may be set can last for hours.
const PAUSE_BY_DATE = /\.schedule\([^,]*\bnow\(\) *\+/;

const hasAny = ({ path, text }: SourceFile): boolean => {
  const isAny = (node: ts.Node): boolean =>
    node.kind === ts.SyntaxKind.AnyKeyword || ts.forEachChild(node, isAny) === true;
  return isAny(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
};

/** What is wrong with a file, each as `<path>: <problem>`. */
export const problemsOf = (file: SourceFile): readonly string[] => {
  const { path, text } = file;
  const problems: string[] = [];
  if (MACHINE.test(text)) problems.push('names a path or a host of some machine');
  if (LEFT_OVER.test(text)) problems.push('says that something is left to do');
  if (CODE.test(path)) {
    const lines = linesOf(file);
    if (lines > MAX_LINES) problems.push(`has ${lines} lines, more than ${MAX_LINES}`);
    if (hasAny(file)) problems.push('has a type that is any');
    if (SILENCED.test(text)) problems.push('silences the compiler');
    if (path.startsWith('src/') && PAUSE_BY_DATE.test(text)) problems.push('pauses until a date');
    if (/^export default\b/m.test(text) && !CONFIG.test(path)) problems.push('has a default export');
  }
  return problems.map((problem) => `${path}: ${problem}`);
};
