// Adds up the reports of the test runs and prints "N passed, N failed" last. Exits with 1 unless all is well.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const [folder] = process.argv.slice(2);
const names = readdirSync(folder);
const reports = names.filter((name) => name.endsWith('.json'));
const failedSteps = names
  .filter((name) => name.endsWith('.failed'))
  .map((name) => name.replace(/\.failed$/, ''));

const LINES = 15;

const isOfRunner = (line) => line.includes('/node_modules/vitest/') || line.includes('at new Promise (<');

const linesOf = (message) =>
  stripVTControlCharacters(message)
    .trimEnd()
    .split('\n')
    .filter((line) => !isOfRunner(line));

/** The first lines of what went wrong, set in, so that the end of a run tells why it failed. */
const said = (messages) =>
  messages
    .flatMap((message) => linesOf(message).slice(0, LINES))
    .map((line) => `    ${line}`)
    .join('\n');

const tell = (status, what, messages) => {
  console.log(`${status}: ${what}`);
  if (messages.length > 0) console.log(said(messages));
};

let passed = 0;
let failed = 0;
let skipped = 0;
for (const name of reports) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  // A file that cannot be loaded has no tests, but it has failed.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  passed += report.numPassedTests;
  failed += report.numFailedTests + broken.length;
  skipped += report.numPendingTests + report.numTodoTests;
  for (const { name: file, assertionResults } of report.testResults)
    for (const { fullName, status, failureMessages } of assertionResults)
      if (status !== 'passed') tell(status, `${file} ${fullName}`, failureMessages ?? []);
  for (const { name: file, message } of broken) tell('failed', file, [message]);
}
if (skipped > 0) console.log(`${skipped} skipped: nothing may be.`);
if (reports.length < 2) console.log(`Expected the reports of 2 test runs, but found ${reports.length}.`);
for (const step of failedSteps) {
  console.log(`Failed: ${step}`);
  // Unless its report tells how many tests failed, the step itself is what failed.
  if (!reports.includes(`${step}.json`)) failed += 1;
  else if (failed === 0) failed = 1;
}
failed += skipped;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || failedSteps.length > 0 || reports.length < 2 ? 1 : 0;
