import type { JsonObject } from '../../src/domain/json.ts';
import type { EventType } from '../../src/domain/registry.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { durations } from '../../src/projections/durations.projection.ts';
import { incidents } from '../../src/projections/incidents.projection.ts';
import type { Projection } from '../../src/projections/projection.ts';
import { versions } from '../../src/projections/versions.projection.ts';
import { createViews, type Views } from '../../src/queries/views.ts';
import { workflows } from '../../src/projections/workflows.projection.ts';
import { newDocuments } from '../conformance/read-models-samples.ts';
import { given, type Happened } from '../spec/given.ts';

const keep = async <Doc extends JsonObject, Type extends EventType>(
  readModels: ReadModels,
  projection: Projection<Doc, Type>,
  history: readonly Happened[],
): Promise<void> => {
  const { documents } = given(projection, ...history);
  await readModels.prepare(`${projection.name}_1`, projection.indexes);
  await readModels.write(`${projection.name}_1`, newDocuments(Object.fromEntries(documents)));
};

/** Views with the figures of a history: what the projections make of it is written as it is. */
export const figuresOf = async (readModels: ReadModels, history: readonly Happened[]): Promise<Views> => {
  await keep(readModels, durations, history);
  await keep(readModels, incidents, history);
  await keep(readModels, workflows, history);
  await keep(readModels, versions, history);
  const collections = { of: async (name: string) => `${name}_1`, close: () => undefined };
  return createViews(readModels, collections, () => Promise.resolve());
};
