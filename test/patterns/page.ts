import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TEXT = readFileSync(fileURLToPath(new URL('../../docs/patterns.md', import.meta.url)), 'utf8');

/** A section of the page about patterns. */
export interface Section {
  readonly title: string;
  readonly text: string;
  /** Its example. */
  readonly source: string;
}

/** What the page says of each pattern, in its order. */
export const SECTIONS: readonly Section[] = TEXT.split(/^## /m)
  .slice(1)
  .map((section) => ({
    title: section.split('\n')[0] ?? '',
    text: section,
    source: /^```yaml\n([^]*?)^```$/m.exec(section)?.[1] ?? '',
  }));
