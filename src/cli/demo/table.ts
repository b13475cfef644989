import { stripVTControlCharacters } from 'node:util';

const widthOf = (cell: string): number => stripVTControlCharacters(cell).length;

/** Rows as lines with aligned columns, indented by two; columns named in `right` are aligned to the right. */
export const tableOf = (rows: readonly (readonly string[])[], right: readonly number[] = []): string => {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const lines = rows.map((row) => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      const space = ' '.repeat(width - widthOf(cell));
      return right.includes(column) ? space + cell : cell + space;
    });
    return `  ${cells.join('  ')}`.trimEnd();
  });
  return lines.join('\n');
};
