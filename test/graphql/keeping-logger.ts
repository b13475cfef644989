import type { Logger } from '../../src/ports/logger.ts';

/** One line of a log. */
export interface Line {
  readonly level: keyof Logger;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A logger that keeps its lines. */
export interface KeepingLogger extends Logger {
  readonly lines: readonly Line[];
}

/** Keeps what is logged instead of printing it. */
export const keepingLogger = (): KeepingLogger => {
  const lines: Line[] = [];
  const at =
    (level: keyof Logger) =>
    (fields: object, message: string): void => {
      lines.push({ level, fields: { ...fields }, message });
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};
