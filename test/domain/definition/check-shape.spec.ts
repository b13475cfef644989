import { expect, it } from 'vitest';
import { shapeCheck } from '../../../src/domain/definition/schema/check-shape.ts';

it('compiles a schema when the first document is checked by it', () => {
  const check = shapeCheck({ type: 'nothing that there is' });
  expect(() => check({}, { problem: () => undefined, warning: () => undefined })).toThrow(
    'schema is invalid',
  );
});
