import { MigrateExecution, RegisterWorkflow } from '../../src/commands/commands.ts';
import { streamOf } from '../../src/domain/stream.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Accepted } from './accepted.ts';
import { someOpen } from './acts-of-operators.ts';
import { CLIENT, type Client } from './client.ts';
import { stateOf } from './execution-of.ts';
import { writtenIn, type Written } from './histories.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

interface Stage {
  readonly world: World;
  readonly client: Client;
  readonly random: Random;
  readonly accepted: Accepted;
}

const LAST = 'more';

/** The steps that were put behind all others of a definition. */
export const addedTo = ({ activities }: Written): readonly string[] =>
  activities.flatMap(({ name }) => (name.startsWith(LAST) ? [name] : []));

/** The same with one step more at its end, of which all that holds for the other holds, too; or with one less. */
const variantOf = (written: Written, random: Random): JsonObject => {
  const { activities } = written;
  const count = addedTo(written).length;
  const fewer = count > 0 && random.chance(0.3);
  const more = { name: `${LAST}${count}`, set: { variables: { more: count } } };
  return {
    execution: {
      ...written,
      activities: fewer ? activities.slice(0, -1) : [...activities, more],
    } as unknown as JsonObject,
  };
};

/** Registers a variant of what an execution runs, and has it go on with that. */
export const migrate = async ({ world, client, random, accepted }: Stage): Promise<void> => {
  const id = someOpen(world, random);
  if (id === undefined) return;
  const { definition, workflow } = stateOf(world.log.stream(streamOf('execution', id)));
  const written = writtenIn(world.log).get(definition);
  if (written === undefined) return;
  const source = JSON.stringify(variantOf(written, random));
  const known = await client.ask(`register a variant`, new RegisterWorkflow(source, CLIENT), true);
  accepted.registered.push({ workflow, known });
  const to = known.what === 'answered' ? known.answer.number : undefined;
  if (to === undefined) return;
  const command = new MigrateExecution(id, to, random.chance(0.1), 'it was wrong', CLIENT);
  const moved = await client.ask(`migrate ${id} to ${to}`, command, true);
  accepted.migrated.push({ id, to, dryRun: command.dryRun, known: moved });
};
