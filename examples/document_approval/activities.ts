import { setTimeout as pause } from 'node:timers/promises';
import { NonRetryable, defineActivity } from 'sagalog';

interface Document {
  readonly document: string;
}

/** Refuses documents whose name ends in `.exe`. */
export const checkDocument = defineActivity<Document>({
  name: 'check_document',
  idempotent: true,
  run: async ({ signal }, { document }) => {
    await pause(15, undefined, { signal });
    if (document.endsWith('.exe'))
      throw new NonRetryable(`${document} is no document.`, { type: 'NoDocument' });
    return { pages: document.length };
  },
});

export const remindReviewers = defineActivity<Document & { readonly nth: number }>({
  name: 'remind_reviewers',
  run: ({ logger }, { document, nth }) => {
    logger.info('Reminded the reviewers', { document, nth });
    return { reminded: nth };
  },
});

export const publishDocument = defineActivity<Document & { readonly approved_by: string }>({
  name: 'publish_document',
  idempotent: true,
  run: async ({ signal, idempotencyKey }, { document, approved_by }) => {
    await pause(30, undefined, { signal });
    return { published: document, approved_by, reference: idempotencyKey };
  },
});

export const tellAuthor = defineActivity<{ readonly author: string; readonly comment: string }>({
  name: 'tell_author',
  run: ({ logger }, { author, comment }) => {
    logger.info('Told the author', { author, comment });
    return { told: author };
  },
});
