import { caseRows, withoutFormula } from '../../cases/case-sheet.ts';
import type { AgencyCase } from '../../cases/kept-case.ts';
import { writeWorkbook } from '../../filing-package/workbook.ts';
import { zipped } from '../../filing-package/zip.ts';

export const fullSheetName = '受理单.xlsx';

/** In characters: numbers, names and times fit, long texts break. */
const width = 20;

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
  const [headings = [], ...rows] = caseRows(cases, true);
  const workers = cases.map(({ agent }) => (agent === undefined ? '' : workerOf(agent)));
  const withWorker = (cells: string[], worker: string) => [...cells.slice(0, 2), worker, ...cells.slice(2)];
  const table = [withWorker(headings, '经办人'), ...rows.map((cells, row) => withWorker(cells, workers[row] ?? ''))];
  async function* entries() {
    const sheet = {
      title: '受理单',
      rows: table.map((cells) => cells.map(withoutFormula)),
      widths: headings.map(() => width).concat(width),
    };
    yield { name: fullSheetName, content: await writeWorkbook(sheet, at) };
  }
  return zipped(entries(), at, { password });
}
