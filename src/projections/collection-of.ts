/** The collection that a generation of a projection is kept in. */
export const collectionOf = (projection: string, generation: number): string => `${projection}_${generation}`;
