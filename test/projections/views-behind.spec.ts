import { expect, it } from 'vitest';
import { viewsBehind } from '../../src/projections/views-behind.ts';

it('names those views alone that are not there yet', () => {
  const views = [
    { name: 'there', position: 9n },
    { name: 'near', position: 8n },
    { name: 'far', position: 0n },
  ];
  expect(viewsBehind({ position: 9n, timeout: 20, views })).toMatchObject({
    message:
      'Expected the views to reach position 9 within 20 ms, but "near" stands at 8, "far" stands at 0.',
    details: {
      views: [
        { name: 'near', position: '8' },
        { name: 'far', position: '0' },
      ],
    },
  });
});
