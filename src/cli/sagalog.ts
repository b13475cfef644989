#!/usr/bin/env node
import { runArchive } from './archive.ts';
import { printChecks } from './check.ts';
import { runKeys } from './keys.ts';
import { printNodes } from './nodes.ts';
import { runProjections } from './projections.ts';
import { runRetention } from './retention.ts';
import { verify } from './verify.ts';

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

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  nodes: printNodes,
  check: printChecks,
  projections: runProjections,
  verify,
  retention: runRetention,
  archive: runArchive,
  keys: runKeys,
};

const isMisunderstood = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

// Whoever reads what is printed may have enough of it, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  await command(args).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = isMisunderstood(error) ? 2 : 1;
  });
}
