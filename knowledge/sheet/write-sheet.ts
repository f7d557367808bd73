import { writeCsv } from './csv.ts';
import { encodeSheet } from './decode-sheet.ts';
import { type Column, keyOf, longestCell, type SheetKind } from './sheets.ts';

/**
 * The rows as a file that Excel and WPS open by a double click: UTF-8 with its mark, quoted, CRLF, nothing that computes. Throws
 * when a cell is longer than Excel keeps, for the rest would be lost when the editor saves.
 */
export function writeSheet<R>(kind: SheetKind<R>, rows: readonly R[]): Uint8Array {
  const headings = kind.columns.map(({ heading }) => heading);
  return encodeSheet(writeCsv([headings, ...rows.map((row) => kind.columns.map((column) => writeCell(kind, column, row)))]));
}

/** One row that is not complete: what is not known yet is an empty cell. */
export function writeDraft<R>({ columns }: SheetKind<R>, draft: Partial<R>): Uint8Array {
  const headings = columns.map(({ heading }) => heading);
  // A column looks at its own field only.
  const cells = columns.map((column) => (draft[column.field] === undefined ? '' : column.write(draft as R)));
  return encodeSheet(writeCsv([headings, cells]));
}

function writeCell<R>(kind: SheetKind<R>, column: Column<R>, row: R): string {
  const cell = column.write(row);
  if (cell.length < longestCell) return cell;
  throw new Error(
    `${keyOf(kind, row)}: ${column.field} has ${cell.length} characters, and Excel keeps ${longestCell} of a cell: divide it.`,
  );
}
