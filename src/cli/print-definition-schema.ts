import { writeFile } from 'node:fs/promises';
import { printDefinitionSchema } from '../domain/definition/schema/published-schema.ts';

await writeFile('sagalog.schema.json', printDefinitionSchema());
