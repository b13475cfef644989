import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { EVENT_TYPES } from '../../src/domain/registry.ts';
import type { Category } from '../../src/domain/stream.ts';
import type { Field } from './fields-of.ts';
import { readEvents, type DescribedEvent } from './read-events.ts';

/** Where the catalogue is for readers. */
export const CATALOGUE = new URL('../../docs/events.md', import.meta.url);

/** What stands above this line is written by hand. */
const BELOW = '<!-- What follows is printed from the types: npm run schema. -->';

/** The streams of each category, and what the types of their events begin with. */
const STREAMS: Readonly<Record<Category, { readonly name: string; readonly of: readonly string[] }>> = {
  execution: {
    name: 'execution-<id>',
    of: ['execution', 'saga', 'step', 'branch', 'variables', 'timer', 'signal', 'approval', 'child'],
  },
  workflow: { name: 'workflow-<name>', of: ['workflow'] },
  event: { name: 'event-<id>', of: ['event'] },
  schedule: { name: 'schedule-<workflow>', of: ['schedule'] },
  trigger: { name: 'trigger-<workflow>', of: ['trigger.fired', 'trigger.skipped'] },
  gathering: { name: 'gathering-<workflow>', of: ['trigger.gathered', 'trigger.released'] },
  notification: { name: 'notification-<id>', of: ['notification'] },
  breaker: { name: 'breaker-<activity>', of: ['breaker'] },
  limiter: { name: 'limiter-<what is limited>', of: ['limiter'] },
  rate: { name: 'rate-<activity>', of: ['rate'] },
  partition: { name: 'partition-<number>', of: ['partition', 'node'] },
  recorder: { name: 'recorder-<name>', of: ['recorder'] },
  projection: { name: 'projection-<name>', of: ['projection'] },
  retention: { name: 'retention-<workflow>', of: ['retention'] },
  truncation: { name: 'truncation-batches` and `truncation-<batch>', of: ['truncation'] },
  access: { name: 'access-keys', of: ['access'] },
  audit: { name: 'audit-<day>', of: ['audit'] },
};

const textOf = (fields: readonly Field[]): string =>
  fields.map(({ name, type, isOptional }) => `\`${name}${isOptional ? '?' : ''}: ${type}\``).join(', ');

const notesOn = (fields: readonly Field[]): readonly string[] =>
  fields.flatMap(({ name, about }) => (about === '' ? [] : [`  - \`${name}\`: ${about}`]));

const sectionOf = ({ type, about, facts, payload }: DescribedEvent): readonly string[] => [
  `### ${type}`,
  '',
  about,
  '',
  `- Facts: ${textOf(facts)}`,
  ...notesOn(facts),
  ...(payload === undefined ? [] : [`- Payload: ${textOf(payload)}`, ...notesOn(payload)]),
  '',
];

const isOf = (type: string, beginnings: readonly string[]): boolean =>
  beginnings.includes(type) || beginnings.includes(type.slice(0, type.indexOf('.')));

/** The catalogue as it is to be: what is written by hand, and below it every type of event. */
export const printEvents = async (): Promise<string> => {
  const described = readEvents('src/domain/registry.ts');
  const [byHand = ''] = readFileSync(CATALOGUE, 'utf8').split(BELOW);
  const sections = Object.values(STREAMS).flatMap(({ name, of }) => {
    const types = Object.keys(EVENT_TYPES).filter((type) => isOf(type, of));
    return [
      `## \`${name}\``,
      '',
      ...types.flatMap((type) => sectionOf(described.get(type) ?? undescribed(type))),
    ];
  });
  const text = `${byHand}${BELOW}\n\n${sections.join('\n')}`;
  return format(text, { ...(await resolveConfig(CATALOGUE)), parser: 'markdown' });
};

const undescribed = (type: string): never => {
  throw new Error(`Expected a type that says what ${type} is, but there is none.`);
};

if (import.meta.main) writeFileSync(CATALOGUE, await printEvents());
