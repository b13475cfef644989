import { describe } from 'vitest';
import { collectionsConformance } from './read-models-collections.conformance.ts';
import { dataConformance } from './read-models-data.conformance.ts';
import { findConformance } from './read-models-find.conformance.ts';
import { guardModelConformance } from './read-models-guard-model.conformance.ts';
import { listsConformance } from './read-models-lists.conformance.ts';
import { lookConformance } from './read-models-look.conformance.ts';
import { namesConformance } from './read-models-names.conformance.ts';
import { queryModelConformance } from './read-models-query-model.conformance.ts';
import { recordsConformance } from './read-models-records.conformance.ts';
import { removeConformance } from './read-models-remove.conformance.ts';
import type { Open } from './read-models-samples.ts';
import { straysConformance } from './read-models-strays.conformance.ts';
import { writeConformance } from './read-models-write.conformance.ts';

/** What every adapter of `ReadModels` does. */
export const readModelsConformance = (name: string, open: Open): void => {
  describe(`${name} as ReadModels`, () => {
    collectionsConformance(open);
    writeConformance(open);
    removeConformance(open);
    dataConformance(open);
    findConformance(open);
    listsConformance(open);
    lookConformance(open);
    namesConformance(open);
    straysConformance(open);
    recordsConformance(open);
    guardModelConformance(open);
    queryModelConformance(open);
  });
};
