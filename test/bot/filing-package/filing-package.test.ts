import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { missingDocuments, packageOf, sheetName, writePackage } from '../../../bot/filing-package/filing-package.ts';
import { fields } from '../../../dialogs/intake/fields.ts';
import { caseStates, type FilingCase } from '../../../knowledge/filing/filing-case.ts';
import { fieldKeys } from '../../../knowledge/filing/form.ts';
import { sampleCase, sampleDocument, sampleValues, submitted } from '../../support/filing-case.ts';
import { unzip } from '../../support/unzip.ts';
import { rowsIn } from '../../support/workbook.ts';

const number = 'BA-20261127-4829153';
const at = Date.parse('2026-11-28T17:05:03+08:00');
const to = { recipient: '某某云计算有限公司', purpose: '代为提交ICP备案' };

const filed = (more: Partial<FilingCase> = {}) => submitted(sampleCase(number, more));
const document = (kind: string, file: string, contentType = 'image/jpeg') => ({ ...sampleDocument(file), kind, contentType });

async function packed(of: FilingCase, load = async (file: string): Promise<Uint8Array | undefined> => Buffer.from(`content of ${file}`)) {
  const content = packageOf(of);
  if (!content) throw new Error('The case is not complete.');
  return unzip(await buffer(writePackage(of, content, to, at, load)));
}

/** The rows of the sheet in an archive. */
async function sheetOf(of: FilingCase): Promise<string[][]> {
  const workbook = (await packed(of)).find(({ name }) => name === sheetName)?.content ?? Buffer.alloc(0);
  return rowsIn(workbook);
}

describe('a package', () => {
  it.each(caseStates.map((state) => [state, !['drafting', 'approved', 'cancelled', 'erased'].includes(state)] as const))(
    'of a case that is %s is made: %s',
    (state, isMade) => {
      expect(packageOf({ ...filed(), state }) !== undefined).toBe(isMade);
    },
  );

  it('waits for certificate numbers that a person still has to collect', () => {
    expect(packageOf(filed({ withheld: ['serviceLeader.idNumber'] }))).toBeUndefined();
  });

  it('has every item of the case by its label, in the order in which filing systems ask, uncovered', async () => {
    const values = { ...sampleValues, 'serviceLeader.idNumber': '110105194912310021', serviceCode: 'i-0a1b2c3d' };
    const rows = await sheetOf(filed({ values }));
    expect(rows.slice(0, 5)).toEqual([
      ['类别', '项目', '内容'],
      ['资料包', '受理编号', number],
      ['资料包', '业务类型', '首次备案'],
      ['资料包', '接收方', to.recipient],
      ['资料包', '用途', to.purpose],
    ]);
    const items = rows.slice(5);
    expect(items.map(([, label]) => label)).toEqual(fieldKeys.filter((key) => key in values).map((key) => fields[key].label));
    expect([...new Set(items.map(([section]) => section))]).toEqual([
      '业务',
      '主体',
      '主体负责人',
      '网站、App或小程序',
      '服务负责人',
      '接入信息',
    ]);
    expect(items).toContainEqual(['主体负责人', '主体负责人证件号', '11010519491231002X']);
    expect(items).toContainEqual(['服务负责人', '网站负责人证件号', '110105194912310021']);
    expect(items).toContainEqual(['业务', '备案省份', '广东省']);
  });

  it.each(['=HYPERLINK("http://evil.example")', '＝1+1', '+1', '@SUM(A1)', '\t=1'])('computes nothing of %j', async (filerName) => {
    expect((await sheetOf(filed({ values: { filerName } }))).at(-1)?.[2]).toBe(`'${filerName}`);
  });

  it('has the documents after the sheet, named by what they are', async () => {
    const documents = [
      document('filer-certificate', 'a'.repeat(32)),
      document('filer-certificate', 'b'.repeat(32), 'application/pdf'),
      document('leader-id-front', 'c'.repeat(32), 'image/png'),
      document('other', 'd'.repeat(32), 'image/webp'),
      document('no-such-kind', 'e'.repeat(32), 'text/html'),
    ];
    const found = await packed(filed({ documents }));
    expect(found.map(({ name }) => name)).toEqual([
      '备案资料.xlsx',
      '营业执照.jpg',
      '营业执照-2.pdf',
      '主体负责人身份证件（人像面）.png',
      '其他材料.jpg',
      '其他材料-2.bin',
    ]);
    expect(found[2]?.content.toString()).toBe(`content of ${'b'.repeat(32)}`);
    expect((await sheetOf(filed({ documents }))).slice(-5).map(([, , name]) => name)).toEqual(found.slice(1).map(({ name }) => name));
  });

  it('names everything so that every system can unpack it', async () => {
    const names = (await packed(filed({ documents: [document('filer-certificate', 'a'.repeat(32))] }))).map(({ name }) => name);
    for (const name of names) expect(name).not.toMatch(/[\\/:*?"<>|\p{Cc}]/u);
  });

  it('breaks off where a document is gone', async () => {
    const documents = [document('filer-certificate', 'a'.repeat(32))];
    await expect(packed(filed({ documents }), async () => undefined)).rejects.toThrow(
      `The file ${'a'.repeat(32)} of case ${number} is gone.`,
    );
  });
});

it('says which documents are still needed', () => {
  const all = missingDocuments(filed());
  expect(all).toContain('营业执照');
  expect(missingDocuments(filed({ documents: [document('filer-certificate', 'a'.repeat(32))] }))).toEqual(
    all.filter((title) => title !== '营业执照'),
  );
});
