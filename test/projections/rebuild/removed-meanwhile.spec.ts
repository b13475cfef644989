import { expect, it } from 'vitest';
import { openCompared } from './compared.ts';

const DOCS = ['a', 'b'].map((key) => ({ key, doc: { id: key }, position: 5n, expected: undefined }));

const compared = async () => {
  const { readModels, comparing } = await openCompared(DOCS);
  const remove = (collection: string) =>
    readModels.remove(collection, [{ field: 'id', op: 'eq', value: 'b' }], 9n);
  return { comparing, remove };
};

it('is no difference when a document was removed from the live ones and the others come to that', async () => {
  const { comparing, remove } = await compared();
  await remove('live');
  await comparing.scan(5n);
  await comparing.again(7n, false);
  await remove('shadow');
  await comparing.again(9n, true);
  expect(comparing.result().comparison).toMatchObject({ differing: 0 });
});

it('is one when they do not come to that', async () => {
  const { comparing, remove } = await compared();
  await remove('live');
  await comparing.scan(5n);
  await comparing.again(9n, true);
  expect(comparing.result().comparison).toMatchObject({
    differing: 1,
    differences: [{ key: 'b', live: null, rebuilt: { id: 'b' } }],
  });
});
