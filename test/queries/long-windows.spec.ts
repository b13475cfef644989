import { longWindowsConformance } from '../conformance/long-windows.conformance.ts';
import { temporaryReadModels } from '../adapters/sqlite/temporary-read-models.ts';

longWindowsConformance('SQLite', temporaryReadModels);
