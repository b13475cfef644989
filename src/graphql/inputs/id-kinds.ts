const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** What else an id can be of, by its form: ids of the log's events are UUIDs of version 8, those of rows and entries go on behind one. */
const FORMS: readonly (readonly [kind: string, is: (id: string, version: string | undefined) => boolean])[] =
  [
    ['a definition', (id) => id.startsWith('sha256:')],
    ['a row of a log or an entry of a timeline', (id, version) => version !== undefined && id[36] === ':'],
    ['an event of the log', (id, version) => version === '8' && id.length === 36],
    ['an execution, an accepted event or a key', (id, version) => version === '7' && id.length === 36],
    [
      'an execution, an accepted event, a notification or a key',
      (id, version) => version === '5' && id.length === 36,
    ],
  ];

/** What an id seems to be the id of, by its form; `undefined` when that says nothing. */
export const kindOfId = (id: unknown): string | undefined => {
  if (typeof id !== 'string') return undefined;
  const version = UUID.exec(id)?.[1];
  return FORMS.find(([, is]) => is(id, version))?.[0];
};
