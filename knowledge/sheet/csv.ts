/** A table as text has it: rows of cells. A row that spans several lines of the file is one row, as in a spreadsheet. */
export interface CsvReading {
  rows: string[][];
  /** The row, counted from 1, in which a quotation mark is opened and never closed. */
  unclosed?: number;
}

/** RFC 4180 with CRLF between rows; lines inside a cell end with LF, which is what Excel and WPS write themselves. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(quote).join(',')}\r\n`).join('');
}

/**
 * Reads what RFC 4180 allows and what programs write beside it: any one-character separator, rows that end with CRLF, LF or CR,
 * and quotation marks inside a cell that does not begin with one. Line ends inside cells become LF.
 */
export function readCsv(text: string, separator: string): CsvReading {
  const rows: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? readQuoted(text, at, separator) : readBare(text, at, separator);
    if (!cell) return { rows, unclosed: rows.length + 1 };
    cells.push(cell.value);
    at = cell.end;
    if (text[at] === separator) {
      at += 1;
      if (at < text.length) continue;
      cells.push(''); // the file ends with a separator: one more cell, and it is empty
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    rows.push(cells);
    cells = [];
  }
  return { rows };
}

interface Cell {
  value: string;
  /** Position of the separator or line end behind it. */
  end: number;
}

function readBare(text: string, from: number, separator: string): Cell {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: text.slice(from, end), end };
}

function readQuoted(text: string, from: number, separator: string): Cell | undefined {
  let value = '';
  let at = from + 1;
  for (;;) {
    const mark = text.indexOf('"', at);
    if (mark === -1) return undefined;
    value += text.slice(at, mark);
    at = mark + 2;
    if (text[mark + 1] === '"') {
      value += '"';
      continue;
    }
    // Nothing should follow the closing mark; what does belongs to the cell all the same, as spreadsheets read it.
    const rest = readBare(text, mark + 1, separator);
    return { value: (value + rest.value).replace(/\r\n?/g, '\n'), end: rest.end };
  }
}

function quote(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
