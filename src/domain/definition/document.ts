import { own, type Json, type JsonObject } from '../json.ts';
import { canonical } from './canonical.ts';
import type { Path, Report } from './report.ts';

/** A source in the form that is stored: everything under `execution:`. */
export interface NormalDocument {
  readonly document: JsonObject;
  /** Where the part at a path of the stored form stands in the source. */
  readonly sourcePath: (path: Path) => Path;
}

/**
 * Brings the ways to write a definition to one form: `execution:` with everything in it,
 * blocks that stand beside it, or everything at the top without it.
 */
export const normalize = (source: JsonObject, report: Report): NormalDocument => {
  const inner = own(source, 'execution');
  const execution = isObject(inner) ? inner : {};
  const beside = Object.fromEntries(Object.entries(source).filter(([name]) => name !== 'execution'));
  for (const name of Object.keys(beside)) {
    if (!Object.hasOwn(execution, name)) continue;
    const message = `Expected "${name}" once, but it stands inside of "execution" and beside it.`;
    report.problem([name], 'DUPLICATE_KEY', message, { key: true });
  }
  const document = canonical({ execution: { ...beside, ...execution } });
  const sourcePath = (path: Path): Path => {
    const [root, name] = path;
    if (root !== 'execution') return path;
    if (inner === undefined) return path.slice(1);
    const isBeside = name !== undefined && Object.hasOwn(beside, name) && !Object.hasOwn(execution, name);
    return isBeside ? path.slice(1) : path;
  };
  return { document, sourcePath };
};

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value);
