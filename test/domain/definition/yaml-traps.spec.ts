import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, refused } from './parsed.ts';

const STEPS = 'workflow: a\nactivities: [{name: b}]\n';
const withX = (value: string): string => `${STEPS}variables: {x: ${value}}\n`;
const valueOf = (value: string) => {
  const { document } = parsed(withX(value));
  return JSON.parse(JSON.stringify(document)).execution.variables.x;
};

describe('a source that is too much', () => {
  const bomb = ['x', 'a', 'b', 'c', 'd', 'e', 'f']
    .map(
      (name, index, names) =>
        `${name}: &${name} [${Array(9)
          .fill(index === 0 ? '1' : `*${names[index - 1]}`)
          .join(', ')}]`,
    )
    .join('\n');
  const longText = `x: &x "${'y'.repeat(10_000)}"\nz: [${Array(200).fill('*x').join(', ')}]`;

  it.each([
    ['aliases of aliases', bomb, 'ALIAS_BOMB'],
    ['a long text a hundred times', longText, 'ALIAS_BOMB'],
    ['an alias of what it stands in', `${STEPS}variables: &v {x: *v}\n`, 'TOO_DEEP'],
    ['more than 1 MiB', `# ${'é'.repeat(524_288)}`, 'TOO_LARGE'],
    ['65 levels', withX(`${'['.repeat(63)}${']'.repeat(63)}`), 'TOO_DEEP'],
    ['100,000 levels of lists', `a: ${'['.repeat(100_000)}`, 'TOO_DEEP'],
    ['100,000 levels of maps', '{"a":'.repeat(100_000), 'TOO_DEEP'],
    ['100,000 levels of lines', '- '.repeat(100_000), 'TOO_DEEP'],
  ])('is refused with one problem: %s', (_, source, code) => {
    expect(refused(source).map((problem) => problem.code)).toEqual([code]);
  });

  it('is taken when it is just not', () => {
    expect(parsed(withX(`${'['.repeat(61)}${']'.repeat(61)}`)).warnings).toEqual([]);
    const room = 1_048_576 - STEPS.length - 2;
    expect(parsed(`${STEPS}# ${'x'.repeat(room)}`).warnings).toEqual([]);
  });
});

describe('keys', () => {
  it('that stand twice are problems, as deep as they are, and reading goes on', () => {
    const source = 'workflow: a\nworkflow: b\nactivities: [{name: b, name: c}]\ncolour: red\n';
    expect(problemsOf(source)).toEqual([
      '2:1 DUPLICATE_KEY workflow',
      '3:24 DUPLICATE_KEY activities[0].name',
      '4:1 UNKNOWN_FIELD colour',
    ]);
  });

  it('that stand twice have the place of the one that counts', () => {
    expect(problemsOf('workflow: a\nactivities: [{name: b}]\nworkflow: B\n')).toEqual([
      '3:1 DUPLICATE_KEY workflow',
      '3:11 BAD_NAME workflow',
    ]);
  });

  it('that are the same text are the same, whatever YAML takes them for', () => {
    expect(problemsOf(`${STEPS}variables: {1: x, "1": y}\n`)).toEqual(['3:19 DUPLICATE_KEY variables["1"]']);
  });

  it('are texts as they are written', () => {
    const { document } = parsed(`${STEPS}variables: {1: a, 1.0: b, true: c, null: d, 0x10: e, "": f}\n`);
    expect(document).toMatchObject({
      execution: { variables: { '1': 'a', '1.0': 'b', true: 'c', null: 'd', '0x10': 'e', '': 'f' } },
    });
  });

  it.each(['[1]: x', '{y: 1}: x', ': x', '*k : x'])('that are no text are refused: %s', (pair) => {
    const [problem, ...others] = refused(`${STEPS}variables: { ${pair} }\ndescription: &k y\n`);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ line: 3, code: 'BAD_KEY', path: 'variables' });
  });

  it('called __proto__ or constructor are keys like any other', () => {
    const { definition, document } = parsed(withX('{__proto__: {y: 1}, constructor: 2}'));
    expect(JSON.stringify(document)).toContain('"x":{"__proto__":{"y":1},"constructor":2}');
    expect(Object.getPrototypeOf(definition.variables['x']?.source)).toBe(Object.prototype);
    expect(problemsOf('{"workflow":"a","activities":[{"name":"b","__proto__":{"x":1}}]}')).toEqual([
      '1:43 UNKNOWN_FIELD activities[0].__proto__',
    ]);
    expect(problemsOf(`__proto__: {workflow: a}\nactivities: [{name: b}]\n`)[0]).toBe(
      '1:1 UNKNOWN_FIELD __proto__',
    );
  });

  it('that would merge others are refused, not kept as "<<"', () => {
    const source = `${STEPS}variables:\n  base: &base {x: 1}\n  more:\n    <<: *base\n    "<<": 2\n`;
    expect(problemsOf(source)).toEqual(['6:5 MERGE_KEY variables.more["<<"]']);
  });
});

describe('anchors', () => {
  it('are followed', () => {
    const source = `${STEPS}variables: {x: &x {y: 1}, z: [*x, *x]}\n`;
    expect(parsed(source).document).toMatchObject({ execution: { variables: { z: [{ y: 1 }, { y: 1 }] } } });
  });

  it('may be given again, and what was read before stays what it was', () => {
    const source = `${STEPS}variables: {a: &x 1, b: &l [*x], c: &x 2, d: *l, e: *x}\n`;
    expect(parsed(source).document).toMatchObject({ execution: { variables: { b: [1], d: [1], e: 2 } } });
  });

  it('that are not there are refused, each', () => {
    expect(problemsOf(withX('[*y, *z]'))).toEqual([
      '3:17 UNKNOWN_ANCHOR variables.x[0]',
      '3:21 UNKNOWN_ANCHOR variables.x[1]',
    ]);
  });

  it('have their problems where the value stands', () => {
    const source = `workflow: a\nactivities:\n  - name: b\n    retry: &r {max_attempts: 0}\n  - name: c\n    retry: *r\n`;
    expect(problemsOf(source)).toEqual([
      '4:30 WRONG_VALUE activities[0].retry.max_attempts',
      '4:30 WRONG_VALUE activities[1].retry.max_attempts',
    ]);
  });
});

describe('values', () => {
  it.each([
    ['1e3', 1_000],
    ['0o7', 7],
    ['0x1F', 31],
    ['-0', 0],
    ['1.0', 1],
    ['012', 12],
    ['1_000', '1_000'],
    ['yes', 'yes'],
    ['no', 'no'],
    ['~', null],
    ['TRUE', true],
    ['2024-01-01', '2024-01-01'],
    ['12:30:45', '12:30:45'],
    ['"\\ud83d\\ude00"', '😀'],
    ['!!str 1', '1'],
  ])('are those of YAML 1.2: %s', (written, value) => {
    expect(Object.is(valueOf(written), value)).toBe(true);
  });

  it.each(['.inf', '-.INF', '.nan', '1e400', '12345678901234567890'])(
    'that JSON cannot hold are refused: %s',
    (value) => {
      expect(problemsOf(withX(`[${value}]`))).toEqual(['3:17 BAD_NUMBER variables.x[0]']);
      expect(refused(withX(value))[0]?.message).toContain(`but found ${value}.`);
    },
  );

  it.each(['!!binary aGVsbG8=', '!!set {y}', '!!omap [y: 1]', '!!timestamp 2024-01-01', '!secret y'])(
    'with tags of other types are refused: %s',
    (value) => {
      expect(problemsOf(withX(value))).toEqual(['3:16 BAD_TAG ']);
    },
  );
});

describe('the text of a source', () => {
  it('may end its lines with CR LF, and columns are right', () => {
    const source = 'workflow: a\r\nactivities:\r\n  - name: b\r\n    colour: red\r\n    when: ${nope.x}\r\n';
    expect(problemsOf(source)).toEqual([
      '4:5 UNKNOWN_FIELD activities[0].colour',
      '5:13 UNKNOWN_NAME activities[0].when',
    ]);
  });

  it('may begin with a byte order mark, which is no column', () => {
    expect(problemsOf('\ufeff{workflow: a, colour: red, activities: [{name: b}]}')).toEqual([
      '1:15 UNKNOWN_FIELD colour',
    ]);
  });

  it('counts columns in UTF-16 units, as editors do', () => {
    expect(problemsOf(withX('"😀é ${nope}"'))).toEqual(['3:23 UNKNOWN_NAME variables.x']);
  });

  it.each([
    ['half of a pair', withX('"\ud800"'), '3:17 BAD_CHARACTER '],
    ['half of a pair, escaped', withX('"\\ud800"'), '3:16 BAD_CHARACTER variables.x'],
    ['NUL', withX('"y\u0000"'), '3:18 BAD_CHARACTER '],
    ['a control character', withX('"\u001b[0m"'), '3:17 BAD_CHARACTER '],
    ['U+FFFE', withX('"\ufffe"'), '3:17 BAD_CHARACTER '],
  ])('with %s is refused', (_, source, problem) => {
    expect(problemsOf(source)).toEqual([problem]);
  });

  it('may be indented by spaces only', () => {
    expect(problemsOf('workflow: a\nactivities:\n\t- name: b\n')).toEqual(['3:1 INVALID_YAML ']);
  });

  it('is one document', () => {
    expect(problemsOf(`${STEPS}---\n${STEPS}`)).toEqual(['3:1 INVALID_YAML ']);
    expect(parsed(`---\n${STEPS}...\n`).document).toEqual(parsed(STEPS).document);
  });

  it('is YAML 1.2, where yes is a text and 010 is ten', () => {
    expect(problemsOf(`%YAML 1.1\n---\n${STEPS}`)).toEqual(['1:1 YAML_VERSION ']);
    expect(parsed(`%YAML 1.2\n---\n${STEPS}`).document).toEqual(parsed(STEPS).document);
  });

  it('has its lines right behind what the parser cannot go on from', () => {
    const source = 'workflow: a\nvariables:\n  ] ${event.x}\n  y: 1\nactivities:\n  - name: b\n    x: ]\n';
    expect(problemsOf(source).at(-1)).toBe('7:5 INVALID_YAML ');
  });

  it('tells of a mistake once a line, not of what follows from it', () => {
    expect(problemsOf('workflow: a\nactivities: [{name: b, when: ${x }]\n')).toEqual(['2:35 INVALID_YAML ']);
  });
});
