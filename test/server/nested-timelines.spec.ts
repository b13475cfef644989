import { beforeEach, describe, expect, it } from 'vitest';
import type { ReadModels } from '../../src/ports/read-models.ts';
import { ask, openServer, type OpenServer } from './open-server.ts';

const PART = `execution:
  workflow: part
  activities: [{ name: weigh, activity: log, input: { message: weighed } }]
`;

/** Has a part of its own, and waits. */
const CHILD = `execution:
  workflow: child
  activities:
    - { name: fetch, workflow: { name: part } }
    - { name: approved, wait: { signal: go, timeout: 2d } }
    - { name: note, activity: log, input: { message: noted } }
`;

const PARENT = `execution:
  workflow: parent
  activities:
    - name: each
      foreach:
        items: \${input.items}
        concurrency: 8
        steps: [{ name: one, workflow: { name: child } }]
`;

const TIMELINE = `query ($id: ID!, $asOf: AsOf) {
  timeline(executionId: $id, first: 30, asOf: $asOf) {
    nodes { kind step status childExecution {
      workflow
      timeline(first: 10) { nodes { kind step status idle { duration } childExecution {
        workflow
        timeline(first: 5) { nodes { kind step status } }
      } } }
    } }
  }
}`;

interface Entry {
  readonly kind: string;
  readonly step: string | null;
  readonly status: string;
  readonly childExecution: Nested | null;
}
interface Nested {
  readonly workflow: string;
  readonly timeline: { readonly nodes: readonly Entry[] };
}

const childrenIn = (timeline: Nested['timeline']): readonly Nested[] =>
  timeline.nodes.flatMap(({ childExecution }) => (childExecution === null ? [] : [childExecution]));

const brief = ({ timeline }: Nested): readonly string[] =>
  timeline.nodes.map(({ kind, step, status }) => `${kind} ${step ?? ''} ${status}`);

const WEIGHED = ['EXECUTION  COMPLETED', 'STEP weigh COMPLETED'];
const WAITING = ['EXECUTION  RUNNING', 'CHILD fetch COMPLETED', 'WAIT approved WAITING'];

describe('the timelines of children within that of their parent', () => {
  let server: OpenServer;
  let looks: string[] = [];

  /** The same views; each look at them is taken down. */
  const told = (readModels: ReadModels): ReadModels => {
    const look = (collection: string): void => void looks.push(collection);
    return {
      ...readModels,
      load: (...asked) => (look(asked[0]), readModels.load(...asked)),
      find: (...asked) => (look(asked[0]), readModels.find(...asked)),
      findEach: (...asked) => (look(asked[0]), readModels.findEach(...asked)),
      lookEach: (...asked) => (look(asked[0]), readModels.lookEach(...asked)),
    };
  };

  beforeEach(async () => {
    server = await openServer({ decorations: { readModels: told } });
    for (const source of [PART, CHILD, PARENT])
      await ask(server, 'mutation ($source: String!) { registerWorkflow(source: $source) { number } }', {
        source,
      });
  });

  /** Starts a parent of so many children, and waits until all of those wait. */
  const started = async (many: number): Promise<string> => {
    const items = Array.from({ length: many }, (_, n) => n);
    const { startExecution } = (await ask(
      server,
      'mutation ($input: JSON) { startExecution(workflow: "parent", input: $input) { executionId } }',
      { input: { items } },
    )) as { startExecution: { executionId: string } };
    const id = startExecution.executionId;
    await expect.poll(async () => (await waitingOf(id)).length).toBe(many);
    await server.core.viewsCaughtUp();
    return id;
  };

  const waitingOf = async (id: string): Promise<readonly string[]> => {
    const { execution } = (await ask(
      server,
      'query ($id: ID!) { execution(id: $id) { children(first: 100) { nodes { id waiting } } } }',
      { id },
    )) as { execution: { children: { nodes: readonly { id: string; waiting: string }[] } } | null };
    const nodes = execution?.children.nodes ?? [];
    return nodes.filter(({ waiting }) => waiting === 'signal').map((child) => child.id);
  };

  const letGo = async (id: string): Promise<void> => {
    for (const child of await waitingOf(id))
      await ask(server, `mutation { signalExecution(executionId: "${child}", signal: "go") { position } }`);
    await server.core.engine.ended(id);
    await server.core.viewsCaughtUp();
  };

  const timelineOf = async (id: string, asOf?: object): Promise<Nested['timeline']> =>
    ((await ask(server, TIMELINE, { id, asOf })) as { timeline: Nested['timeline'] }).timeline;

  /** The views that are looked at for an answer, one for each look. */
  const looksFor = async (id: string, asOf?: object): Promise<readonly string[]> => {
    looks = [];
    await timelineOf(id, asOf);
    // The server looks at what is its own whenever it likes.
    return looks.filter((collection) => /^(executions|timeline)_/.test(collection)).toSorted();
  };

  it('tell what each of them did, and what theirs did', async () => {
    const children = childrenIn(await timelineOf(await started(2)));
    expect(children.map(brief)).toEqual([WAITING, WAITING]);
    expect(children.map(({ timeline }) => childrenIn(timeline).map(brief))).toEqual([[WEIGHED], [WEIGHED]]);
  });

  it('take as many looks for many children as for two, as they are and as they were', async () => {
    const [two, eight] = [await started(2), await started(8)];
    const position = String(await server.core.log.end());
    const now = await looksFor(two);
    // Children and theirs, and timelines of all three with what was idle in those of children.
    expect(now.join(' ')).toBe('executions_1 executions_1 timeline_1 timeline_1 timeline_1 timeline_1');
    expect(await looksFor(eight)).toEqual(now);
    await letGo(two);
    await letGo(eight);
    const then = await looksFor(two, { position });
    expect(then).toEqual(now);
    expect(await looksFor(eight, { position })).toEqual(then);
  });

  it('are of the moment that the timeline around them is of, whichever way it is told', async () => {
    const id = await started(3);
    const before = await timelineOf(id);
    const position = String(await server.core.log.end());
    // By the clock what comes next is later than all of that.
    const at = new Date(server.core.clock.now()).toISOString();
    await expect.poll(() => server.core.clock.now()).toBeGreaterThan(Date.parse(at));
    await letGo(id);
    expect(childrenIn(await timelineOf(id)).map(({ timeline }) => timeline.nodes[0]?.status)).toEqual(
      Array.from({ length: 3 }, () => 'COMPLETED'),
    );
    expect(await timelineOf(id, { position })).toEqual(before);
    expect(await timelineOf(id, { at })).toEqual(before);
    const asOf = (moment: object) => ask(server, OF_EXECUTION, { id, asOf: moment });
    expect(await asOf({ position })).toEqual({ execution: { timeline: shortOf(before) } });
    const own = await server.core.log.read(`execution-${id}`);
    for (const { revision, position: then } of own)
      expect(await timelineOf(id, { revision })).toEqual(await timelineOf(id, { position: String(then) }));
    const first = own.find(({ facts }) => typeof facts['child'] === 'string');
    const begun = childrenIn(await timelineOf(id, { revision: first?.revision }));
    // It was to be started, and had not begun.
    expect(begun.map(brief)).toEqual([[]]);
  });

  it('are bounded by the depth of an operation, and by its cost', async () => {
    const nested = (levels: number, page: string): string =>
      levels === 0
        ? 'kind'
        : `kind childExecution { timeline${page} { nodes { ${nested(levels - 1, page)} } } }`;
    const refused = async (levels: number, page: string): Promise<unknown> => {
      const query = `{ timeline${page.replace('(', '(executionId: "x", ') || '(executionId: "x")'} { nodes { ${nested(levels, page)} } } }`;
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      const { errors } = (await response.json()) as { errors: readonly { extensions: object }[] };
      return errors.map(({ extensions }) => extensions);
    };
    expect(await refused(3, '(first: 1)')).toMatchObject([{ code: 'EXECUTION_NOT_FOUND' }]);
    expect(await refused(4, '(first: 1)')).toMatchObject([
      { code: 'QUERY_TOO_DEEP', found: 15, expected: 12 },
    ]);
    expect(await refused(2, '')).toMatchObject([{ code: 'EXECUTION_NOT_FOUND' }]);
    expect(await refused(3, '')).toMatchObject([{ code: 'QUERY_TOO_COSTLY', expected: 20_000 }]);
  });
});

const OF_EXECUTION = `query ($id: ID!, $asOf: AsOf) {
  execution(id: $id, asOf: $asOf) { timeline(first: 30) { nodes { kind step status } } }
}`;

const shortOf = ({ nodes }: Nested['timeline']): object => ({
  nodes: nodes.map(({ kind, step, status }) => ({ kind, step, status })),
});
