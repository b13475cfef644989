/** What a node has only so much of. */
export type Resource = 'cpu' | 'memory';

/** All that nodes have only so much of, in the order in which it is asked for. */
export const RESOURCES: readonly Resource[] = ['cpu', 'memory'];

/** What a call takes of its node: thousandths of a core, and MiB; nothing of what is not there. */
export type Needs = { readonly [R in Resource]?: number };

/** What a node has to give to the calls that it makes at once, in the same units. */
export interface Capacity extends Readonly<Record<Resource, number>> {
  /** The node. */
  readonly node: string;
}

/** The most of anything that is told apart. */
export const MOST = 2 ** 31 - 1;

const MIB = 2 ** 20;

/** MiB that so many bytes take, whole ones and at most `MOST`. */
export const mebibytes = (bytes: number): number => Math.min(MOST, Math.ceil(bytes / MIB));

/** An amount of something, in words. */
export const amountOf = (resource: Resource, amount: number): string =>
  resource === 'cpu' ? `${amount / 1_000} cores` : `${amount} MiB`;
