import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

// Loaded before a server: writes which packages each of its threads loads, and does as if one were not installed.
const { PACKAGES_FILE = '', PACKAGE_AWAY } = process.env;
const PACKAGE = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/;
const known = new Set();

registerHooks({
  load: (url, context, next) => {
    const found = PACKAGE.exec(url)?.[1] ?? 'sagalog';
    if (found === PACKAGE_AWAY) throw new Error(`${found} is not installed`);
    if (!known.has(found)) appendFileSync(PACKAGES_FILE, `${isMainThread ? 'main' : 'worker'} ${found}\n`);
    known.add(found);
    return next(url, context);
  },
});
