import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseDefinition } from '../domain/definition/parse.ts';
import { Misunderstood } from './misunderstood.ts';
import { readWorkflowFiles, type WorkflowFile } from '../workflow-files.ts';

/** How the command is given. */
export const usage = 'Usage: sagalog check <file|folder>…\n';

/** What checking files came to. */
export interface CheckedFiles {
  readonly count: number;
  /** `file:line:column: message`, as editors and other tools read it. */
  readonly problems: readonly string[];
  /** The same of what is taken, but worth a look. */
  readonly warnings: readonly string[];
}

/** Checks definitions as registering them would; which activities are served is not known here. */
export const checkFiles = (files: readonly WorkflowFile[]): CheckedFiles => {
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const { path, source } of files) {
    const parsed = parseDefinition(source);
    const [found, into, kind] = parsed.ok
      ? [parsed.warnings, warnings, 'warning: ']
      : [parsed.problems, problems, ''];
    for (const { line, column, message } of found) into.push(`${path}:${line}:${column}: ${kind}${message}`);
  }
  return { count: files.length, problems, warnings };
};

const filesAt = async (path: string): Promise<readonly WorkflowFile[]> =>
  (await stat(path)).isDirectory()
    ? readWorkflowFiles(path)
    : [{ path, source: await readFile(path, 'utf8') }];

/** Prints what is wrong with the definitions in files and folders, and exits with 1 if anything is. Rejects for what cannot be read. */
export const run = async (args: readonly string[]): Promise<void> => {
  const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
  if (positionals.length === 0)
    throw new Misunderstood('Expected files or folders of definitions to check, but none was given.');
  const files = (await Promise.all(positionals.map(filesAt))).flat();
  const { count, problems, warnings } = checkFiles(files);
  for (const line of [...problems, ...warnings]) process.stdout.write(`${line}\n`);
  const summary = `${count} definitions: ${problems.length} problems, ${warnings.length} warnings.`;
  process.stderr.write(`${summary}\n`);
  if (problems.length > 0) process.exitCode = 1;
};
