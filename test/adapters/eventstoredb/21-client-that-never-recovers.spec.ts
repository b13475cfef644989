import { expect, it } from 'vitest';
import { commitTo, openLog, revisionsOf, startServer } from './support.ts';

it('is given up: appends go on after another client failed while an answer was under way', async () => {
  const [mine, others] = [await startServer(), await startServer()];
  const { log } = await openLog(mine.url);
  const { log: other } = await openLog(others.url, { appendTimeout: 50, retry: { tries: 1 } });
  mine.faults.answerLate(150, 1);
  others.faults.hangAppend(1, { write: false });

  const late = log.append(commitTo('execution-late'));
  await expect(other.append(commitTo('execution-hung'))).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  await late;
  for (let index = 0; index < 20; index++) await log.append(commitTo(`execution-${index}`));

  expect(await revisionsOf(log, 'execution-late')).toEqual([0]);
  for (let index = 0; index < 20; index++) expect(await revisionsOf(log, `execution-${index}`)).toEqual([0]);
});
