import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';
import { IMPORT_RULES } from './import-table.ts';

/** What the files under `src` of a folder import and must not. */
const violationsIn = async (folder: string): Promise<readonly string[]> => {
  const { output } = await cruise(['src'], {
    baseDir: fileURLToPath(new URL(folder, import.meta.url)),
    validate: true,
    ruleSet: { forbidden: [...IMPORT_RULES] },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  });
  const { violations } = (output as ICruiseResult).summary;
  return violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
};

describe('the import table', () => {
  it('is kept', async () => {
    expect(await violationsIn('../../')).toEqual([]);
  });

  it('is noticed to be broken, in every layer', async () => {
    const broken = (await violationsIn('./fixtures/')).map((line) =>
      line.replace(/\S*node_modules\/(@?[\w-]+(?:\/[\w-]+)?).*/, '$1'),
    );
    expect(broken.sort()).toEqual([
      'activities: src/activities/breaks.ts -> src/commands/breaks.ts',
      'adapters/mongodb: src/adapters/mongodb/breaks.ts -> src/adapters/sqlite/breaks.ts',
      'adapters/sqlite: src/adapters/sqlite/breaks.ts -> mongodb/lib',
      'cli: src/cli/breaks.ts -> src/adapters/sqlite/breaks.ts',
      'commands: src/commands/breaks.ts -> src/engine/breaks.ts',
      'domain: src/domain/breaks.ts -> fs',
      'domain: src/domain/breaks.ts -> src/ports/breaks.ts',
      'engine: src/engine/breaks.ts -> @nestjs/common',
      'every adapter is in the table: src/adapters/unknown/breaks.ts -> fs',
      'graphql: src/graphql/breaks.ts -> src/adapters/sqlite/breaks.ts',
      'ports: src/ports/breaks.ts -> src/commands/breaks.ts',
      'projections: src/projections/breaks.ts -> src/commands/breaks.ts',
      'pure projections: src/projections/breaks.projection.ts -> worker_threads',
      'queries: src/queries/breaks.ts -> src/commands/breaks.ts',
    ]);
  });
});
