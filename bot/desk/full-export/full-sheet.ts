import { caseRows, withoutFormula } from '../../cases/case-sheet.ts';
import type { AgencyCase } from '../../cases/kept-case.ts';
import { writeWorkbook } from '../../filing-package/workbook.ts';
import { type ZipEntry, zipped } from '../../filing-package/zip.ts';

export const fullSheetName = '受理单.xlsx';

/** In characters: numbers, names and times fit, long texts break. As many as there may be columns. */
const widths = Array.from({ length: 100 }, () => 20);

/**
 * Cases with nothing covered, as an archive that opens with the password only: a workbook with a row for each, the columns of the covered sheet
 * and who works on it. Piece by piece; nothing of it is kept. `workerOf`: the name of an account. `at`: milliseconds since 1970.
 */
export function writeFullSheet(
  cases: readonly AgencyCase[],
  workerOf: (id: string) => string,
  password: string,
  at: number,
): AsyncGenerator<Uint8Array> {
  const workers = ['经办人', ...cases.map(({ agent }) => (agent === undefined ? '' : workerOf(agent)))];
  function* rows(): Generator<string[]> {
    let row = 0;
    for (const cells of caseRows(cases, true)) {
      yield [...cells.slice(0, 2), workers[row] ?? '', ...cells.slice(2)].map(withoutFormula);
      row += 1;
    }
  }
  async function* entries(): AsyncGenerator<ZipEntry> {
    yield { name: fullSheetName, content: await writeWorkbook({ title: '受理单', rows: rows(), widths }, at) };
  }
  return zipped(entries(), at, { password });
}
