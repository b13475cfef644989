import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi, type ServedApi } from './served-api.ts';
import { endOf, register, start } from './workflows.ts';

const PIECE = `execution:
  workflow: piece
  activities: [{ name: weigh, set: { variables: { weight: '\${input.n * 2}' } } }]
`;

const WHOLE = `execution:
  workflow: whole
  activities:
    - name: each
      foreach:
        items: [1, 2, 3]
        concurrency: 1
        steps: [{ name: one, workflow: { name: piece, input: { n: '\${item}' } } }]
        collect: '\${steps.one.output.weight}'
`;

let api: ServedApi;

beforeAll(async () => {
  api = await serveApi();
  await register(api, PIECE, WHOLE);
});

afterAll(() => api.close());

it('shows the children of an execution by page, the parent of each, and both on the timeline', async () => {
  const { executionId: id } = await start(api, 'whole');
  const waitFor = await endOf(api, id);
  const { execution, executions, timeline } = await api.query<{
    execution: { parent: null; children: { nodes: readonly { id: string }[] } };
    executions: { nodes: readonly { id: string }[] };
    timeline: { nodes: readonly { kind: string; child: string | null; output: unknown }[] };
  }>(
    `query ($id: ID!, $waitFor: Position) {
      execution(id: $id, waitFor: $waitFor) {
        parent { id }
        children(first: 2) {
          nodes { id workflow status trigger triggeredBy parentId parentStep parent { id workflow } children { nodes { id } } }
        }
      }
      executions(filter: { parent: $id }, orderBy: STARTED_AT_ASC, waitFor: $waitFor) { nodes { id } }
      timeline(executionId: $id, waitFor: $waitFor) { nodes { kind child output } }
    }`,
    { id, waitFor },
  );
  const piece = { workflow: 'piece', status: 'COMPLETED', trigger: 'workflow', triggeredBy: 'engine' };
  const of = { parentId: id, parent: { id, workflow: 'whole' }, children: { nodes: [] } };
  expect(execution).toMatchObject({
    parent: null,
    children: {
      nodes: [
        { ...piece, ...of, parentStep: 'each[0].one' },
        { ...piece, ...of, parentStep: 'each[1].one' },
      ],
    },
  });
  const ids = executions.nodes.map((node) => node.id);
  expect(ids).toHaveLength(3);
  expect(ids.slice(0, 2)).toEqual(execution.children.nodes.map((node) => node.id));
  const children = timeline.nodes.filter(({ kind }) => kind === 'CHILD');
  expect(children.map(({ child }) => child)).toEqual(ids);
  expect(children.map(({ output }) => output)).toEqual([{ weight: 2 }, { weight: 4 }, { weight: 6 }]);
});
