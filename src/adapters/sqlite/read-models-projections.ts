import type { ProjectionRecord } from '../../ports/read-models.ts';
import type { Connection } from './read-models-connection.ts';

/** Every projection's record, by name. */
export const readProjections = (connection: Connection): readonly ProjectionRecord[] =>
  connection
    .statement('SELECT name, version, generation, position FROM projections ORDER BY name')
    .all()
    .map(({ name, version, generation, position }) => ({
      name: name as string,
      version: Number(version),
      generation: Number(generation),
      position: position as bigint,
    }));

/** Stores a projection's record in place of the one that it had, unless that is further. */
export const writeProjection = (
  connection: Connection,
  { name, version, generation, position }: ProjectionRecord,
): boolean => {
  const { changes } = connection
    .statement(
      `INSERT INTO projections (name, version, generation, position) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET version = excluded.version, generation = excluded.generation, position = excluded.position
        WHERE (excluded.generation, excluded.position) >= (projections.generation, projections.position)`,
    )
    .run(name, version, generation, position);
  return Number(changes) > 0;
};
