import type { XmlElement } from '@rgrove/parse-xml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeWorkbook } from '../../../bot/filing-package/workbook.ts';
import { elementsIn, partsOf, rowsIn, sheetIn } from '../../support/workbook.ts';

const at = Date.parse('2026-11-28T17:05:03+08:00');

const written = (rows: string[][]) => writeWorkbook({ title: '备案资料', rows, widths: [10, 20] }, at);

describe('a workbook', () => {
  it('has the parts that Excel looks for, each named to it', async () => {
    const parts = partsOf(await written([['项目', '内容']]));
    const find = (part: string, name: string) => elementsIn(parts.get(part) as XmlElement, name);
    expect([...parts.keys()].toSorted()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    const types = find('[Content_Types].xml', 'Override').map(({ attributes }) => attributes.PartName);
    for (const part of types) expect(parts.has(part?.slice(1) ?? '')).toBe(true);
    const related = find('xl/_rels/workbook.xml.rels', 'Relationship').map(({ attributes }) => attributes);
    for (const { Target } of related) expect(parts.has(`xl/${Target}`)).toBe(true);
    const [tab] = find('xl/workbook.xml', 'sheet');
    expect(tab?.attributes).toMatchObject({ name: '备案资料', 'r:id': related[0]?.Id });
  });

  it('has text in every cell, formatted as such, and computes nothing', async () => {
    const sheet = sheetIn(await written([['项目'], ['110105194912310021'], ['=1+1']]));
    expect(elementsIn(sheet, 'c').map(({ attributes }) => attributes)).toEqual([
      { r: 'A1', s: '2', t: 'inlineStr' },
      { r: 'A2', s: '1', t: 'inlineStr' },
      { r: 'A3', s: '1', t: 'inlineStr' },
    ]);
    expect(elementsIn(sheet, 'f')).toEqual([]);
  });

  it('names columns beyond Z as spreadsheets do', async () => {
    const row = Array.from({ length: 703 }, (_, column) => String(column));
    const names = elementsIn(sheetIn(await written([row])), 'c').map(({ attributes }) => attributes.r);
    expect([names[0], names[25], names[26], names[51], names[52], names[701], names[702]]).toEqual([
      'A1',
      'Z1',
      'AA1',
      'AZ1',
      'BA1',
      'ZZ1',
      'AAA1',
    ]);
  });

  it.each([
    ['a certificate number', '110105194912310021', '110105194912310021'],
    ['what means something in XML', `<b a="1">&amp;]]></b>'`, `<b a="1">&amp;]]></b>'`],
    ['several lines', '一\n二\r\n三', '一\n二\r\n三'],
    ['spaces', '  两头  ', '  两头  '],
    ['what Excel would read as a character', '_x000D_', '_x000D_'],
    ['characters outside of the first plane', '𠮷🙂', '𠮷🙂'],
    ['what XML cannot hold', 'a\u0000\u0008\u001f\ufffe\ud800b', 'ab'],
  ])('keeps %s', async (_, typed, kept) => {
    expect(rowsIn(await written([['项目'], [typed]]))).toEqual([['项目'], [kept]]);
  });

  it('is well-formed, whatever is in it', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), async (cells) => {
        expect(rowsIn(await written([cells]))[0]).toHaveLength(cells.length);
      }),
      { numRuns: 30 },
    ));
});
