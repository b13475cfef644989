import { BUSY, sqliteCode } from './codes.ts';
import type { Connection } from './read-models-connection.ts';

/** Writes that share transactions. */
export interface Together {
  /**
   * Does a piece of work that writes so many documents in a transaction, with all other pieces of this turn of the event
   * loop, in their order. Rejects with what it throws; then nothing of it was done.
   */
  write<T>(documents: number, work: () => T): Promise<T>;
  /** Does what is still to be done. */
  settle(): void;
}

interface Piece {
  readonly work: () => unknown;
  readonly done: (answer: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/** Past so many documents a transaction ends: others wait for it. */
const MOST = 2_048;

/** To begin and to commit takes as long as writing dozens of documents does, and every view of a server writes a few. */
export const createTogether = (connection: Connection): Together => {
  let pieces: Piece[] = [];
  let size = 0;

  const alone = ({ work, done, failed }: Piece): void => {
    try {
      done(connection.writing(work));
    } catch (error) {
      failed(error);
    }
  };

  const settle = (): void => {
    const due = pieces;
    pieces = [];
    size = 0;
    const [first] = due;
    if (first === undefined) return;
    if (due.length === 1) return alone(first);
    try {
      const answers = connection.writing(() => due.map(({ work }) => work()));
      due.forEach(({ done }, n) => done(answers[n]));
    } catch (error) {
      // Whichever is at fault, the others are none the worse for it; but nobody waits for the same lock again and again.
      for (const piece of due)
        if (sqliteCode(error) === BUSY) piece.failed(error);
        else alone(piece);
    }
  };

  return {
    settle,
    write: <T>(documents: number, work: () => T) =>
      new Promise<T>((resolve, reject) => {
        if (size + documents > MOST) settle();
        size += documents;
        pieces.push({ work, done: resolve as Piece['done'], failed: reject });
        // Behind all that is ready to go on by now.
        if (pieces.length === 1) process.nextTick(settle);
      }),
  };
};
