import { join } from 'node:path';

/** The file of the embedded read models in a data folder. */
export const viewsFile = (data: string): string => join(data, 'views.db');
