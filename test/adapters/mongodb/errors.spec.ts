import { MongoNetworkError, MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { readModelsError } from '../../../src/adapters/mongodb/errors.ts';
import { ReadModelsUnavailable } from '../../../src/ports/read-models.ts';

const answered = (code: number, errorLabels: string[] = []): MongoServerError =>
  new MongoServerError({ message: 'it said', code, errorLabels });

describe('errors of MongoDB', () => {
  it.each([
    ['a connection that broke', new MongoNetworkError('broken')],
    ['a primary that steps down', answered(189)],
    ['a server that shuts down', answered(91)],
    ['a majority that is not there', answered(64)],
    ['a cursor of before a restart', answered(43)],
    ['a disk that is full', answered(14_031)],
    ['what its server says may be repeated', answered(1, ['RetryableWriteError'])],
    [
      'a name that cannot be looked up',
      Object.assign(new Error('queryTxt EREFUSED'), { syscall: 'queryTxt' }),
    ],
  ])('take %s for an outage', (_, error) => {
    expect(readModelsError(error)).toEqual(
      new ReadModelsUnavailable(`Expected MongoDB to answer, but: ${error.message}`),
    );
    expect(readModelsError(error)).toHaveProperty('cause', error);
  });

  it.each([
    ['a password that is wrong', answered(18)],
    ['a right that is missing', answered(13)],
    ['a document that is too large', answered(10_334)],
    ['a mistake of ours', new TypeError('no function')],
  ])('leave %s as it is', (_, error) => {
    expect(readModelsError(error)).toBe(error);
  });
});
