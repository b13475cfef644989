import { registerHooks } from 'node:module';

const SOURCES = new URL('../src/', import.meta.url).href;
const BUILT = new URL('../dist/', import.meta.url).href;

// What is measured is what is shipped: threads and child processes begin with it, too, and nobody waits for a compiler.
registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context);
    if (!found.url.startsWith(SOURCES)) return found;
    return next(`${BUILT}${found.url.slice(SOURCES.length).replace(/\.ts$/, '.js')}`, context);
  },
});
