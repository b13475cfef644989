import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import { Kind, parse, print, separateOperations, type DocumentNode } from 'graphql';
import { format, resolveConfig } from 'prettier';

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const GENERATED = pathOf('generated.ts');

const SCALARS = {
  ID: 'string',
  BigInt: 'string',
  Cursor: 'string',
  DateTime: 'string',
  Duration: { input: 'number | string', output: 'number' },
  JSON: 'unknown',
  Position: 'string',
};

/** Each operation with the fragments that it needs, as text. */
const documentsOf = (document: DocumentNode): string => {
  const one = separateOperations(document);
  return document.definitions
    .flatMap((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
      const { name, operation } = definition;
      const [type = '', ...rest] = operation;
      const types = `${name?.value}${type.toUpperCase()}${rest.join('')}`;
      const text = print(one[name?.value ?? ''] ?? document);
      return [
        `/** The ${operation} ${name?.value}. */`,
        `export const ${name?.value}: TypedDocument<${types}, ${types}Variables> = \`\n${text}\`;\n`,
      ];
    })
    .join('\n');
};

/** The types of all operations, and the operations, as the source of `generated.ts`. */
export const generateClient = async (): Promise<string> => {
  const document = parse(await readFile(pathOf('operations.graphql'), 'utf8'));
  const types = await codegen({
    filename: GENERATED,
    schema: parse(await readFile(pathOf('../../schema.graphql'), 'utf8')),
    documents: [{ location: pathOf('operations.graphql'), document }],
    config: { immutableTypes: true, strictScalars: true, skipTypename: true, scalars: SCALARS },
    plugins: [{ operations: {} }],
    pluginMap: { operations },
  });
  const source = `// Made by \`npm run client\`.
import type { TypedDocument } from './typed-document.ts';

${types}
${documentsOf(document)}`;
  return format(source, { ...(await resolveConfig(GENERATED)), parser: 'typescript' });
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(GENERATED, await generateClient());
