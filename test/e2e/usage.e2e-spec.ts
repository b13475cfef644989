import { describe, expect, it } from 'vitest';
import { runSagalog } from './sagalog-at.ts';

const COMMANDS = ['nodes', 'check', 'projections', 'verify', 'retention', 'archive', 'keys'];

describe('whoever asks how a command is given', () => {
  it.each([['help'], ['--help']])('is told of all commands: %s', async (asked) => {
    const { code, output, errors } = await runSagalog(asked);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    for (const name of COMMANDS) expect(output).toContain(`  ${name} `);
  });

  it.each(COMMANDS)('is told of %s', async (name) => {
    const { code, output, errors } = await runSagalog(name, '--help');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output.startsWith(`Usage: sagalog ${name} `)).toBe(true);
  });
});

describe('a command that is not understood', () => {
  it.each([
    [[], 'Expected a command.'],
    [['bogus'], 'There is no command "bogus".'],
    [['check'], 'Expected files or folders'],
    [['projections', 'rollback'], 'Expected one projection behind "rollback".'],
    [['verify'], 'Expected --read-models or --audit, but found neither.'],
    [['keys', 'create', 'a-key'], 'Expected create with a name and a --role'],
    [['nodes', '--bogus'], "Unknown option '--bogus'"],
  ])('says why, and how it is given: %j', async (args, why) => {
    const { code, output, errors } = await runSagalog(...args);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toContain(why);
    expect(errors).toContain(`\n\nUsage: sagalog ${COMMANDS.find((name) => name === args[0]) ?? 'nodes'} `);
  });
});
