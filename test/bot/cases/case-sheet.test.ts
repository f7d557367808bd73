import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asText, writeCases } from '../../../bot/cases/case-sheet.ts';
import { caseLine, caseLines } from '../../../bot/cases/staff-view.ts';
import { readCsv } from '../../../knowledge/sheet/csv.ts';
import { decodeSheet } from '../../../knowledge/sheet/decode-sheet.ts';
import { sampleCase, sampleDocument, sampleValues, submitted } from '../../support/filing-case.ts';

const number = 'BA-20261127-4829153';
const table = (bytes: Uint8Array) => readCsv(decodeSheet(bytes)?.text ?? '', ',').rows;

/** The one row of a case, by its headings. */
function rowOf(values: typeof sampleValues): Record<string, string> {
  const [headings = [], row = []] = table(writeCases([submitted(sampleCase(number, { values }))]));
  return Object.fromEntries(headings.map((heading, at) => [heading, row[at] ?? '']));
}

describe('the sheet of cases', () => {
  it('is UTF-8 with its mark, and has CRLF between rows', () => {
    const bytes = Buffer.from(writeCases([sampleCase(number)]));
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect(bytes.toString().match(/\n/g)).toHaveLength(2);
    expect(bytes.toString().match(/\r\n/g)).toHaveLength(2);
  });

  it('has a row for each case, with names for codes', () => {
    expect(Object.values(rowOf(sampleValues))).toEqual(expect.arrayContaining([number, '广州明溪科技有限公司', '13812345678', '企业']));
    expect(table(writeCases([sampleCase(number), sampleCase(number, { values: {} })]))).toHaveLength(3);
  });

  it('covers certificate numbers, wherever they stand', () => {
    const text = Buffer.from(
      writeCases([sampleCase(number, { values: { ...sampleValues, serviceRemark: '负责人１１０１０５１９４９１２３１００２Ｘ' } })]),
    ).toString();
    expect(text).not.toMatch(/11010519491231002|１１０１０５/);
    expect(text.match(/110\*+002X/g)).toHaveLength(2);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '＝1', '=cmd|"/c calc"!A1', '−'.normalize(), '%0A=1'])(
    'computes nothing of %j',
    (filerName) => {
      const cells = table(writeCases([sampleCase(number, { values: { filerName } })])).flat();
      for (const cell of cells) expect(cell).not.toMatch(/^[\s]*[=+\-@\t\r\n＝]/);
    },
  );

  it('computes nothing, whatever customers write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '=', '+', '-', '@', '\t', '\r'), (text, before) => {
        const [, [, , , , , , , , , cell = ''] = []] = table(writeCases([sampleCase(number, { values: { filerName: before + text } })]));
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  it.each([
    ['123456789012', "'123456789012"],
    ['0571', "'0571"],
    ['13812345678', '13812345678'],
    ['91350100M000100Y43', '91350100M000100Y43'],
    ['20', '20'],
  ])('keeps the digits of %s', (typed, written) => {
    expect(asText(typed)).toBe(written);
  });
});

describe('a case as staff see it', () => {
  const filed = submitted(sampleCase(number, { withheld: ['serviceLeader.idNumber'] }));

  it('has certificate numbers covered, unless they are revealed', () => {
    expect(caseLines(filed, [], false).join('\n')).toContain('110***********002X');
    expect(caseLines(filed, [], false).join('\n')).not.toContain('11010519491231002X');
    expect(caseLines(filed, [], true).join('\n')).toContain('11010519491231002X');
    expect(caseLines(filed, [], false).join('\n')).toContain('13812345678');
  });

  it('tells which documents the scanner has not seen', () => {
    const documents = [{ ...sampleDocument('f1'), unscanned: true as const }, sampleDocument('f2')];
    const lines = caseLines(sampleCase(number, { documents }), [], false).filter((line) => line.startsWith('  document'));
    expect(lines).toEqual([
      expect.stringMatching(/ {2}image\/jpeg {2}not scanned for viruses$/),
      expect.stringMatching(/ {2}image\/jpeg$/),
    ]);
  });

  it('shows staff what customers changed and asked for, certificate numbers covered', () => {
    const at = Date.UTC(2026, 10, 27, 4);
    const filed = sampleCase('BA-20261127-0000000', {
      changes: [
        { kind: 'value', at, field: 'contactMobile', from: '13812345678', to: '13900139000' },
        { kind: 'value', at, field: 'filerLeader.idNumber', from: '11010519491231002X', to: '810000199408230021' },
        { kind: 'note', at, field: 'filerKind', said: '个人，证件 11010519491231002X' },
      ],
    });
    const lines = (reveal: boolean) => caseLines(filed, [], reveal).filter((line) => line.startsWith('  customer'));
    expect(lines(false)).toEqual([
      '  customer  2026-11-27 12:00  changed   联系手机: 13812345678 -> 13900139000',
      '  customer  2026-11-27 12:00  changed   主体负责人证件号: 110***********002X -> 810***********0021',
      '  customer  2026-11-27 12:00  asks for  主体类型: 个人，证件 110***********002X',
    ]);
    expect(lines(true).join()).toContain('810000199408230021');
  });

  it('is one line in the list', () => {
    expect(caseLine(filed)).toMatch(
      /^BA-20261127-4829153 {2}ready .*initial .*广东.*2026-11-27 {2}广州明溪科技有限公司 {2}mingxi-example\.cn$/,
    );
  });
});
