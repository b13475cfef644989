// Adds up the reports of the test runs and prints "N passed, N failed" last. Exits with 1 unless all is well.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const names = readdirSync(folder);
const reports = names.filter((name) => name.endsWith('.json'));
const failedSteps = names
  .filter((name) => name.endsWith('.failed'))
  .map((name) => name.replace(/\.failed$/, ''));

let passed = 0;
let failed = 0;
let skipped = 0;
for (const name of reports) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  // A file that cannot be loaded has no tests, but it has failed.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length;
  passed += report.numPassedTests;
  failed += report.numFailedTests + broken;
  skipped += report.numPendingTests + report.numTodoTests;
  for (const { name: file, assertionResults } of report.testResults)
    for (const { fullName, status } of assertionResults)
      if (status !== 'passed') console.log(`${status}: ${file} ${fullName}`);
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
