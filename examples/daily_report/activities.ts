import { setTimeout as pause } from 'node:timers/promises';
import { defineActivity } from 'sagalog';

interface Question {
  readonly region: string;
  readonly day: string;
}

/** On days that end in `13` the south cannot be read, on those that end in `31` nobody can. */
export const readFigures = defineActivity<Question>({
  name: 'read_figures',
  idempotent: true,
  run: async ({ signal }, { region, day }) => {
    await pause(20, undefined, { signal });
    if (day.endsWith('31') || (day.endsWith('13') && region === 'south'))
      throw new Error(`The books of the ${region} are closed.`);
    return { region, sold: region.length * Number(day.slice(-2)) };
  },
});

export const sendReport = defineActivity<{ readonly title: string; readonly note: string }>({
  name: 'send_report',
  run: async ({ signal, logger }, { title, note }) => {
    await pause(20, undefined, { signal });
    logger.info('Sent a report', { title, note });
    return { sent: title };
  },
});
