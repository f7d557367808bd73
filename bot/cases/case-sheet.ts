import { momentOf } from '../../dialogs/china-day.ts';
import { fields } from '../../dialogs/intake/fields.ts';
import { caseStateLabels, filingTypeLabels } from '../../dialogs/intake/wording.ts';
import type { FilingCase } from '../../knowledge/filing/filing-case.ts';
import { fieldKeys } from '../../knowledge/filing/form.ts';
import { writeCsv } from '../../knowledge/sheet/csv.ts';
import { encodeSheet } from '../../knowledge/sheet/decode-sheet.ts';
import { maskCertificates } from '../../knowledge/text/mask.ts';
import { staffValue } from './staff-view.ts';

/**
 * The cases as a file that Excel and WPS open by a double click, one row each, a column for every item that one of them has. Certificate
 * numbers are covered. No cell computes, whatever customers wrote, and long numbers stay what they are.
 */
export function writeCases(cases: readonly FilingCase[]): Uint8Array {
  return encodeSheet(writeCsv([...caseRows(cases, false)].map((row) => row.map(asText))));
}

/** The same rows after their headings, as they are: certificate numbers covered or, with `reveal`, not. One by one, as they are asked for. */
export function* caseRows(cases: readonly FilingCase[], reveal: boolean): Generator<string[]> {
  const keys = fieldKeys.filter((key) => cases.some(({ values }) => values[key] !== undefined));
  yield [
    '受理编号',
    '状态',
    '业务',
    '开始时间',
    '提交时间',
    '最近变动',
    '最近说明',
    '材料份数',
    '待收证件号码',
    ...keys.map((key) => fields[key].label),
  ];
  for (const filed of cases) {
    const { number, state, filingType, startedAt, openedAt, history, documents, withheld, values } = filed;
    const last = history.at(-1);
    yield [
      number,
      caseStateLabels[state],
      filingTypeLabels[filingType],
      momentOf(startedAt),
      openedAt === undefined ? '' : momentOf(openedAt),
      last ? momentOf(last.at) : '',
      reveal ? (last?.note ?? '') : maskCertificates(last?.note ?? ''),
      String(documents.length),
      withheld.map((key) => fields[key].label).join('、'),
      ...keys.map((key) => staffValue(key, values, reveal)),
    ];
  }
}

/**
 * What spreadsheets would compute, or change, is marked as text by an apostrophe: formulas, numbers of more digits than Excel shows (11) and
 * those that begin with 0.
 */
export function asText(cell: string): string {
  return /^\d{12,}$|^0\d+$/.test(cell) ? `'${cell}` : withoutFormula(cell);
}

/** Formulas alone, for where a number stays what it is (OWASP, "CSV injection": = + - @, tab and line ends at the beginning, in full width as well). */
export function withoutFormula(cell: string): string {
  return /^[\s\p{Cc}\p{Cf}]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u.test(cell) ? `'${cell}` : cell;
}
