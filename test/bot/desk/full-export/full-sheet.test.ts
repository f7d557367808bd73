import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgencyCase } from '../../../../bot/cases/kept-case.ts';
import { staffValue } from '../../../../bot/cases/staff-view.ts';
import { writeFullSheet } from '../../../../bot/desk/full-export/full-sheet.ts';
import { optionsOf } from '../../../../dialogs/intake/field.ts';
import { fields } from '../../../../dialogs/intake/fields.ts';
import { type FieldKey, fieldKeys, type Values } from '../../../../knowledge/filing/form.ts';
import { sampleCase, sampleValues, submitted } from '../../../support/filing-case.ts';
import { decrypt } from '../../../support/unzip.ts';
import { elementsIn, rowsIn, sheetIn } from '../../../support/workbook.ts';

const at = Date.parse('2026-11-28T17:05:03+08:00');
const password = 'kqwm-7t3x';

async function workbookOf(cases: readonly AgencyCase[]): Promise<Buffer> {
  const archive = await buffer(writeFullSheet(cases, (id) => `姓名${id}`, password, at));
  return (await decrypt(archive, password))[0]?.content ?? Buffer.alloc(0);
}

const filed = (values: Values, number = 'BA-20261127-4829153'): AgencyCase => submitted(sampleCase(number, { values }));
const isFreeText = (key: FieldKey) => !fields[key].show && optionsOf(fields[key], {}).length === 0;

describe('the sheet of a full export', () => {
  it('has a row for each case, and a column for every item that one of them has, under its label', async () => {
    const texts = fieldKeys.filter(isFreeText);
    const values = Object.fromEntries(texts.map((key, item) => [key, `内容${item}`]));
    const [headings = [], first, second, ...more] = rowsIn(await workbookOf([{ ...filed(values), agent: 'a1' }, filed(sampleValues)]));
    expect(more).toEqual([]);
    expect(headings.slice(0, 10)).toEqual([
      '受理编号',
      '状态',
      '经办人',
      '业务',
      '开始时间',
      '提交时间',
      '最近变动',
      '最近说明',
      '材料份数',
      '待收证件号码',
    ]);
    const keys = fieldKeys.filter((key) => key in values || key in sampleValues);
    expect(headings.slice(10)).toEqual(keys.map((key) => fields[key].label));
    // More than there are letters: those beyond Z are found as well.
    expect(headings.length).toBeGreaterThan(26);
    expect(first?.slice(10)).toEqual(keys.map((key) => values[key] ?? ''));
    expect(second?.slice(10)).toEqual(keys.map((key) => staffValue(key, sampleValues, true)));
    expect([first?.[2], second?.[2]]).toEqual(['姓名a1', '']);
  });

  it('covers nothing', async () => {
    const text = JSON.stringify(rowsIn(await workbookOf([filed({ ...sampleValues, serviceRemark: '负责人11010519491231002X' })])));
    expect(text.match(/11010519491231002X/g)).toHaveLength(2);
    expect(text).not.toContain('***');
  });

  it('computes nothing, whatever customers write', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('', '=', '+', '-', '@', '\t', '\r', '＝', ' ='),
        async (text, before) => {
          const workbook = await workbookOf([filed({ filerName: before + text })]);
          expect(elementsIn(sheetIn(workbook), 'f')).toEqual([]);
          for (const cell of rowsIn(workbook)[1] ?? []) expect(cell).not.toMatch(/^\s*[=+\-@\t\r＝＋－＠]/);
        },
      ),
      { numRuns: 40 },
    ));

  it('is made with turns of others in between', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    await workbookOf(Array.from({ length: 300 }, (_, item) => filed(sampleValues, `BA-20261127-${1_000_000 + item}`)));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });
});
