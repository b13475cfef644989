import { writeFile } from 'node:fs/promises';
import { WORKERS_API } from './openapi.ts';

await writeFile('docs/workers.openapi.json', `${JSON.stringify(WORKERS_API, null, 2)}\n`);
