import { readModelsConformance } from '../../conformance/read-models.conformance.ts';
import { temporaryReadModels } from './temporary-read-models.ts';

readModelsConformance('SQLite', temporaryReadModels);
