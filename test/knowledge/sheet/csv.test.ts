import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv, writeCsv } from '../../../knowledge/sheet/csv.ts';

describe('a table as CSV', () => {
  it('is written as RFC 4180 has it', () => {
    expect(writeCsv([['编号', 'a,b', 'a"b', 'a\nb', ' a', '']])).toBe('编号,"a,b","a""b","a\nb"," a",\r\n');
  });

  it('comes back as it was, whatever is in its cells', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', ' ', '，', '=', "'", ';', '\t') }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1 })), (rows) => {
        const kept = rows.map((cells) => cells.map((text) => text.replace(/\r\n?/g, '\n')));
        expect(readCsv(writeCsv(kept), ',')).toEqual({ rows: kept });
      }),
    );
  });

  it('is read from any text without failing', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' ') });
    fc.assert(
      fc.property(text, (written) => {
        expect(readCsv(written, ',').rows.length).toBeLessThanOrEqual(written.length);
      }),
    );
  });

  it.each([
    [
      'rows that end with LF',
      'a,b\nc,d\n',
      ',',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'rows that end with CR',
      'a,b\rc,d',
      ',',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'no line end at the end',
      'a,b\r\nc,d',
      ',',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['semicolons', 'a;"b;c"\n', ';', [['a', 'b;c']]],
    ['tabs', 'a\tb,c\n', '\t', [['a', 'b,c']]],
    [
      'an empty cell at the end',
      'a,\nb,',
      ',',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
    ['empty rows, which count', 'a\n\nb\n', ',', [['a'], [''], ['b']]],
    ['CRLF inside a cell', '"a\r\nb"\r\n', ',', [['a\nb']]],
    ['quotation marks inside a bare cell', '他说"好",b\n', ',', [['他说"好"', 'b']]],
    ['text behind the closing mark', '"a"b,c\n', ',', [['ab', 'c']]],
    ['nothing', '', ',', []],
  ])('is read with %s', (_what, text, separator, rows) => {
    expect(readCsv(text, separator)).toEqual({ rows });
  });

  it('says in which row a quotation mark is never closed', () => {
    expect(readCsv('a,b\n"c\nd,e\n', ',')).toEqual({ rows: [['a', 'b']], unclosed: 2 });
  });
});
