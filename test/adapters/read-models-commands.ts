import * as fc from 'fast-check';
import type { JsonObject } from '../../src/domain/json.ts';
import type {
  CollectionIndex,
  Condition,
  DocumentQuery,
  DocumentWrite,
  ReadModels,
  Scalar,
  StoredDocument,
  StrayPlace,
} from '../../src/ports/read-models.ts';

/** A call of read models, the same for any adapter. */
export interface Command {
  /** What is called with what, for whoever reads a failure. */
  readonly text: string;
  /** The names of collections begin as given. */
  run(readModels: ReadModels, prefix: string): Promise<unknown>;
  [fc.toStringMethod](): string;
}

const text = fc.oneof(
  fc.constantFrom('', 'a', 'A', 'é', '\uffee', '😀', '10', '9', 'a\0', '$a', 'a.b'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const number = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    2.5,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    1e300,
    Number.MIN_VALUE,
    -Number.MAX_VALUE,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const scalar: fc.Arbitrary<Scalar> = fc.oneof(fc.constant(null), number, text);
const field = fc.constantFrom('a', 'A', 'b', 'free', '__proto__');
const name = fc.oneof({ arbitrary: field, weight: 200 }, fc.constantFrom('a.b', '$a', '', 'a b'));

// Names of every kind, in any order; what is read back must be the very text.
const doc = fc
  .array(
    fc.tuple(
      fc.oneof({ arbitrary: field, weight: 4 }, text),
      fc.oneof(scalar, scalar, fc.array(text, { maxLength: 3 }), fc.jsonValue()),
    ),
    {
      maxLength: 6,
    },
  )
  .map((entries) => JSON.parse(JSON.stringify(Object.fromEntries(entries))) as JsonObject);

const KEYS = ['k1', 'k2', 'k3', 'k4', 'k5', 'K1', 'é', '$k', 'k.4'];
const key = fc.oneof({ arbitrary: fc.constantFrom(...KEYS), weight: 9 }, text);
const position = fc.oneof(
  { arbitrary: fc.bigInt({ min: 0n, max: 2n }), weight: 9 },
  fc.constantFrom(2n ** 53n + 1n, 2n ** 63n - 1n),
);

const write: fc.Arbitrary<DocumentWrite> = fc.record({
  key,
  doc,
  position,
  expected: fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary: position, weight: 2 }),
});

const writes = fc.oneof(
  { arbitrary: fc.uniqueArray(write, { selector: (one) => one.key, maxLength: 9 }), weight: 19 },
  fc.array(write, { maxLength: 3 }),
);

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ field: name, op: fc.constantFrom('eq', 'gt', 'gte', 'lt', 'lte'), value: scalar }),
  fc.record({ field: name, op: fc.constant('in' as const), values: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ field: name, op: fc.constant('has' as const), values: fc.array(text, { maxLength: 3 }) }),
  fc.record({ field: name, op: fc.constant('hasWithin' as const), from: text, before: text }),
);

const query: fc.Arbitrary<DocumentQuery> = fc.record(
  {
    where: fc.oneof(fc.constant([]), fc.array(condition, { maxLength: 2 })),
    orderBy: fc.array(fc.record({ field: name, direction: fc.constantFrom<'asc' | 'desc'>('asc', 'desc') }), {
      maxLength: 3,
    }),
    after: fc.record({ values: fc.array(scalar, { maxLength: 3 }), key }),
    limit: fc.oneof(
      { arbitrary: fc.integer({ min: 0, max: 9 }), weight: 40 },
      fc.constantFrom(-1, 1.5, 2 ** 40),
    ),
  },
  { requiredKeys: ['limit'] },
);
/** Most places are of as many values as the order has fields. */
const fitting = fc
  .tuple(query, fc.array(scalar, { minLength: 3, maxLength: 3 }), fc.nat(19))
  .map(([each, values, chance]) =>
    each.after === undefined || chance === 0
      ? each
      : { ...each, after: { ...each.after, values: values.slice(0, each.orderBy?.length ?? 0) } },
  );

const indexes = fc.array(fc.record({ fields: fc.array(name, { maxLength: 3 }) }), { maxLength: 3 });
const sound = fc.constant([{ fields: ['a', 'b'] }, { fields: ['A'] }, { each: 'b', fields: ['a'] }]);

/** A document as its very text, since equal objects may have their fields in different orders. */
const told = ({ key, position, doc }: StoredDocument) => [key, position, JSON.stringify(doc)];

type Call<T> = (readModels: ReadModels, collection: string, argument: T) => Promise<unknown>;

const commandOf = <T>(method: keyof ReadModels, call: Call<T>, suffix: string, argument: T): Command => {
  const text = `${method} ${suffix} ${fc.stringify(argument)}`;
  return {
    text,
    run: (readModels, prefix) => call(readModels, `${prefix}-${suffix}`, argument),
    [fc.toStringMethod]: () => text,
  };
};

const commandOn = <T>(method: keyof ReadModels, argument: fc.Arbitrary<T>, call: Call<T>) =>
  fc
    .tuple(fc.constantFrom('one', 'one', 'one', 'One'), argument)
    .map(([suffix, given]) => commandOf(method, call, suffix, given));

const prepare: Call<readonly CollectionIndex[]> = (readModels, collection, given) =>
  readModels.prepare(collection, given);

/** Makes the collections that most calls are about. */
export const PREPARATIONS: readonly Command[] = ['one', 'One'].map((suffix) =>
  commandOf('prepare', prepare, suffix, [{ fields: ['a', 'b'] }]),
);

/** A random call, on one of two collections. */
export const command: fc.Arbitrary<Command> = fc.oneof(
  {
    arbitrary: commandOn('prepare', fc.oneof({ arbitrary: sound, weight: 3 }, indexes), prepare),
    weight: 3,
  },
  {
    arbitrary: commandOn('write', writes, (readModels, collection, given) =>
      readModels.write(collection, given),
    ),
    weight: 9,
  },
  {
    arbitrary: commandOn('load', fc.array(key, { maxLength: 5 }), async (readModels, collection, given) => {
      const found = await readModels.load(collection, given);
      return new Map([...found].map(([at, document]) => [at, told(document)]));
    }),
    weight: 4,
  },
  {
    arbitrary: commandOn('find', fitting, async (readModels, collection, given) =>
      (await readModels.find(collection, given)).map(told),
    ),
    weight: 9,
  },
  {
    arbitrary: commandOn(
      'findEach',
      fc.array(fitting, { maxLength: 4 }),
      async (readModels, collection, given) =>
        (await readModels.findEach(collection, given)).map((page) => page.map(told)),
    ),
    weight: 4,
  },
  commandOn(
    'scan',
    fc.tuple(fc.option(key, { nil: undefined }), fc.integer({ min: 1, max: 9 })),
    (readModels, collection, [after, limit]) => readModels.scan(collection, after, limit),
  ),
  commandOn('lastKey', fc.constant(undefined), (readModels, collection) => readModels.lastKey(collection)),
  commandOn(
    'strays',
    fc.tuple(fc.integer({ min: 1, max: 9 }), position),
    async (readModels, collection, [limit, upTo]) => {
      const found: unknown[] = [];
      let from: StrayPlace | undefined;
      do {
        const { strays, next } = await readModels.strays(collection, from, limit, upTo);
        found.push(...strays);
        from = next;
      } while (from !== undefined);
      return found;
    },
  ),
  {
    arbitrary: commandOn(
      'remove',
      fc.tuple(
        fc.oneof(
          fc.array(condition, { maxLength: 2 }),
          fc.record({ keyIn: fc.array(key, { maxLength: 3 }) }),
        ),
        position,
      ),
      (readModels, collection, [which, upTo]) => readModels.remove(collection, which, upTo),
    ),
    weight: 3,
  },
  commandOn('drop', fc.constant(undefined), (readModels, collection) => readModels.drop(collection)),
  commandOn(
    'saveProjection',
    fc.record({ version: fc.nat(), generation: fc.nat(), position }),
    async (readModels, name, given) => {
      const stands = await readModels.saveProjection({ name, ...given });
      return [stands, await readModels.projections()];
    },
  ),
);
