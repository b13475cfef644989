#!/usr/bin/env node
import { isMisunderstood, Misunderstood } from './misunderstood.ts';

const USAGE = `Usage: sagalog nodes [--url http://127.0.0.1:4000]
       sagalog check <file|folder>…
       sagalog projections <list|rebuild|verify|rollback|retry|park|parked|pause|resume|cancel> [name…]
       sagalog verify --read-models [projection…]
       sagalog verify --audit
       sagalog retention <run|truncate|status> [workflow]
       sagalog archive <verify|import> <file>
       sagalog keys <create|list|revoke>

  nodes        who runs which partitions, and for how long
  check        what is wrong with definitions, as file:line:column: message; exits with 1 if anything is
  projections  how the views fare; folds them anew, compares them with the log, brings them back
  verify       counts and checksums of the log and the views by category and day; whether the record of who has
               read what is as it was written; exits with 1 if anything differs
  retention    removes executions that are kept no longer; gives up the streams of what was removed; says what was
  archive      whether an archive is what was written, and exits with 1 if it is not; brings executions back from one
  keys         makes, lists and revokes keys for those who have no token
`;

interface Command {
  readonly run: (args: readonly string[]) => Promise<void>;
  readonly usage: string;
}

// To load what all of them need takes many times as long as any of them does.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  nodes: () => import('./nodes.ts'),
  check: () => import('./check.ts'),
  projections: () => import('./projections.ts'),
  verify: () => import('./verify.ts'),
  retention: () => import('./retention.ts'),
  archive: () => import('./archive.ts'),
  keys: () => import('./keys.ts'),
};

const HELP: readonly string[] = ['--help', '-h'];

// Whoever reads what is printed may have enough of it, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const fail = (error: unknown, usage: string): void => {
  const message = error instanceof Error ? error.message : String(error);
  const [told, code] = isMisunderstood(error) ? [`${message}\n\n${usage}`, 2] : [`${message}\n`, 1];
  process.stderr.write(told);
  process.exitCode = code;
};

const [name, ...args] = process.argv.slice(2);
const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (name === 'help' || HELP.includes(name ?? '')) process.stdout.write(USAGE);
else if (load === undefined)
  fail(
    new Misunderstood(name === undefined ? 'Expected a command.' : `There is no command "${name}".`),
    USAGE,
  );
else {
  const { run, usage } = await load();
  if (args.some((arg) => HELP.includes(arg))) process.stdout.write(usage);
  else await run(args).catch((error: unknown) => fail(error, usage));
}
