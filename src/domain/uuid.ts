import { hash } from 'node:crypto';
import { HOME } from './access/grant.ts';

/** The UUID (version 5 in form) of a text in a space of names: the same text gives the same UUID for ever. */
export const uuidOf = (space: string, text: string): string => {
  const hex = hash('sha1', `sagalog:${space}\n${text}`, 'hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
};

/** Keys of one tenant are not those of another. */
const spaceOf = (space: string, tenant: string): string =>
  tenant === HOME ? space : `${space} of ${tenant}`;

/** The id of the execution of a workflow that a tenant's key stands for: starting it twice is starting it once. */
export const executionIdOf = (workflow: string, key: string, tenant = HOME): string =>
  uuidOf(spaceOf('execution', tenant), `${workflow}\n${key}`);

/** The id of the event that a step of an execution emits when the run comes to it for the nth time. */
export const stepEventIdOf = (executionId: string, step: string, visit: number): string =>
  uuidOf('step-event', `${executionId}\n${step}\n${visit}`);

/** The id of the execution of a workflow that a time of its schedule stands for, ms since the Unix epoch. */
export const scheduledIdOf = (workflow: string, dueAt: number): string =>
  uuidOf('scheduled', `${workflow}\n${dueAt}`);

/** The id of the execution of a workflow that what was gathered of a key stands for, by the revision of its first event. */
export const gatheredIdOf = (workflow: string, key: string, from: number): string =>
  uuidOf('gathered', `${workflow}\n${key}\n${from}`);

/** The id of the execution that an attempt of a step starts as a child of its own. */
export const childIdOf = (executionId: string, step: string, attempt: number): string =>
  uuidOf('child', `${executionId}\n${step}\n${attempt}`);

/** The id of the key that was made with an idempotency key for a tenant. */
export const apiKeyIdOf = (key: string, tenant: string): string => uuidOf(spaceOf('api-key', tenant), key);

/** The id of the event of a type that a tenant's key stands for. */
export const emittedEventIdOf = (type: string, key: string, tenant = HOME): string =>
  uuidOf(spaceOf('event', tenant), `${type}\n${key}`);
