import { describe, expect, it } from 'vitest';
import { parsed, problemsOf } from './parsed.ts';

const inputOf = (step: string) => {
  const { document } = parsed(`workflow: a\nvariables: {q: 1}\nactivities:\n  - name: b\n${step}\n`);
  return JSON.parse(JSON.stringify(document)).execution.activities[0];
};

describe('an expression in YAML', () => {
  it('stands in a map in braces as the language shows it', () => {
    const { document } = parsed(`
execution:
  workflow: high_priority_ticket
  variables: { ticket_id: \${event.ticket_id}, priority: \${event.priority} }
  activities:
    - name: assign_agent
      input: { ticket_id: \${workflow.ticket_id} }
      output: { assigned_agent: \${output.agent_id} }
      when: \${workflow.priority == "high"}
  compensation_activities:
    assign_agent: { activity: unassign_agent, params: { ticket_id: \${workflow.ticket_id}, agent_id: \${workflow.assigned_agent} } }
`);
    expect(document).toMatchObject({
      execution: {
        variables: { ticket_id: '${event.ticket_id}', priority: '${event.priority}' },
        activities: [{ when: '${workflow.priority == "high"}' }],
        compensation_activities: {
          assign_agent: {
            params: { ticket_id: '${workflow.ticket_id}', agent_id: '${workflow.assigned_agent}' },
          },
        },
      },
    });
  });

  it.each([
    ['plain', '    input: ${input.x ? "a: b" : "c # d"}', '${input.x ? "a: b" : "c # d"}'],
    ['in braces', '    input: { y: ${ {"a": [1, 2]}["a"] }, z: 1 }', { y: '${ {"a": [1, 2]}["a"] }', z: 1 }],
    ['in brackets', "    input: [${input.x == 'it\\'s, or'}, 2]", ["${input.x == 'it\\'s, or'}", 2]],
    ['beginning with a minus', '    input: [${-input.x}, ${!input.y}]', ['${-input.x}', '${!input.y}']],
    ['in double quotes', '    input: {y: "${input.x == \\"a\\"}", z: 1}', { y: '${input.x == "a"}', z: 1 }],
    ['in single quotes', "    input: {y: '${input.x == ''a''}', z: 1}", { y: "${input.x == 'a'}", z: 1 }],
    ['in double quotes over lines', '    input: "${input.x ==\n      \\"a\\"}, {"', '${input.x == "a"}, {'],
    ['folded', '    input: >-\n      ${input.a &&\n      input.b}', '${input.a && input.b}'],
    [
      'in a block text',
      '    input: |-\n      say "hi\n      ${ {"a": "#"}["a"] } # }\n    activity: c',
      'say "hi\n${ {"a": "#"}["a"] } # }',
    ],
    [
      'after an anchor and a tag',
      '    input: {y: &q !!str "${input.x == \\"a\\"}", z: *q}',
      { y: '${input.x == "a"}', z: '${input.x == "a"}' },
    ],
    [
      'after a quoted key',
      '    input: {"y":"${input.x == \\"a\\"}","z":1}',
      { y: '${input.x == "a"}', z: 1 },
    ],
    ['beside braces that are none', '    input: $5 {${input.x}}', '$5 {${input.x}}'],
    ['as it is', '    input: [$${x}, "$${y: z}"]', ['$${x}', '$${y: z}']],
  ])('is read whole: %s', (_, step, input) => {
    expect(inputOf(step).input).toEqual(input);
  });

  it('is read whole after a block text whose quotes are not closed', () => {
    const step = `    description: |
      "this
       'that
      - so
    input: { x: \${input.x == "a"}, y: 'z' }`;
    expect(inputOf(step)).toMatchObject({ input: { x: '${input.x == "a"}', y: 'z' } });
  });

  it('is left alone in comments', () => {
    expect(inputOf("    # it's ${x, {\n    input: 1 # ${")).toMatchObject({ input: 1 });
  });

  it('is read whole in JSON on one line, whose quotes are escaped', () => {
    const document = {
      workflow: 'a',
      activities: [{ name: 'b', when: '${input.x == "high" || input.y in ["}", "{"]}', input: '${1}' }],
    };
    expect(parsed(JSON.stringify(document)).document).toEqual({ execution: document });
    expect(parsed(JSON.stringify(document, null, 2)).document).toEqual({ execution: document });
  });
});

describe('the place of a problem in an expression', () => {
  const problemsOfX = (x: string) =>
    problemsOf(`workflow: a\nactivities: [{name: b}]\nvariables: {x: ${x}}\n`);

  it.each([
    ['the second of two that are the same', '"nope ${nope} ${nope}"', ['3:24', '3:32']],
    ['behind escapes', '"\\t\\u00e9 ${1 + nope} ${nope.y}"', ['3:32', '3:40']],
    ['behind a quote in single quotes', "'it''s ${nope}'", ['3:25']],
    ['inside of a list', '[1, {y: ${size(nope)}}]', ['3:31']],
    ['in the middle of an expression', '${event.y == nope.z}', ['3:29']],
  ])('is exact: %s', (_, x, places) => {
    expect(problemsOfX(x)).toEqual(places.map((place) => expect.stringMatching(`^${place} UNKNOWN_NAME`)));
  });

  it('is exact over lines', () => {
    const source =
      'workflow: a\nactivities: [{name: b}]\nvariables:\n  x: |\n    one ${event.y}\n    two ${nope}\n';
    expect(problemsOf(source)).toEqual(['6:11 UNKNOWN_NAME variables.x']);
  });

  it('is that of the brace where it is not closed', () => {
    expect(problemsOf('workflow: a\nactivities:\n  - name: b\n    when: ${input.a\n')).toEqual([
      '4:13 BAD_EXPRESSION activities[0].when',
    ]);
  });
});
