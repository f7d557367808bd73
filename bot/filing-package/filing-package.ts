import { createHash } from 'node:crypto';
import { documentTitle } from '../../dialogs/intake/document-choices.ts';
import { fields } from '../../dialogs/intake/fields.ts';
import { filingTypeLabels } from '../../dialogs/intake/wording.ts';
import { documentsFor } from '../../knowledge/filing/documents.ts';
import type { FilingCase } from '../../knowledge/filing/filing-case.ts';
import { type FieldKey, fieldKeys } from '../../knowledge/filing/form.ts';
import { withoutFormula } from '../cases/case-sheet.ts';
import { isClosed } from '../cases/case-states.ts';
import { staffValue } from '../cases/staff-view.ts';
import { fileEnding } from '../documents/file-ending.ts';
import { writeWorkbook } from './workbook.ts';
import { type ZipEntry, zipped } from './zip.ts';

/** What of a case goes to its access provider (接入商), who submits the filing: items, and documents under the names they have in the archive. */
export interface FilingPackage {
  fields: FieldKey[];
  documents: { kind: string; file: string; name: string; unscanned?: true }[];
}

/** To whom it goes, and what for. */
export interface Destination {
  recipient: string;
  purpose: string;
}

export const sheetName = '备案资料.xlsx';

/** Each from its first item on: in this order filing systems ask, and `fieldKeys` stand. */
const sections: readonly (readonly [first: FieldKey, title: string])[] = [
  ['serviceKind', '业务'],
  ['filerName', '主体'],
  ['filerLeader.isLegalRepresentative', '主体负责人'],
  ['onlineService.name', '网站、App或小程序'],
  ['serviceLeader.isFilerLeader', '服务负责人'],
  ['serviceCode', '接入信息'],
  ['filerNumber', '原有备案'],
  ['lostAccess', '找回备案信息'],
  ['licenseTask', '许可证'],
];

/**
 * Undefined where the case is not complete: not submitted, ended, or with certificate numbers that a person still has to collect. Documents
 * may be missing, as some are needed in some cases only; see `missingDocuments`.
 */
export function packageOf(filed: FilingCase): FilingPackage | undefined {
  const { state, values, withheld } = filed;
  if (state === 'drafting' || state === 'erased' || isClosed(state) || withheld.length > 0) return undefined;
  return { fields: fieldKeys.filter((key) => values[key] !== undefined), documents: namedDocuments(filed) };
}

/** Names which items and documents are in it, so that nothing more goes out than somebody has seen. */
export function digestOf(packed: FilingPackage): string {
  return createHash('sha256').update(JSON.stringify(packed)).digest('hex');
}

/** Titles of the documents that such a case certainly needs and this one does not have. */
export function missingDocuments({ filingType, values, documents }: FilingCase): string[] {
  const there = new Set(documents.map(({ kind }) => kind));
  return documentsFor(filingType, values)
    .filter(({ kind, certain }) => certain && !there.has(kind))
    .map(({ title }) => title);
}

/**
 * The archive, piece by piece: nothing is covered in it, and nothing of it is kept. `load` gives the content of a document as
 * it is given out; where it does not, the archive breaks off with an error. `at`: milliseconds since 1970.
 */
export function writePackage(
  filed: FilingCase,
  packed: FilingPackage,
  to: Destination,
  at: number,
  load: (file: string) => Promise<Uint8Array | undefined>,
): AsyncGenerator<Uint8Array> {
  async function* entries(): AsyncGenerator<ZipEntry> {
    yield {
      name: sheetName,
      content: await writeWorkbook({ title: '备案资料', rows: rowsOf(filed, packed, to), widths: [18, 26, 60] }, at),
    };
    for (const { file, name } of packed.documents) {
      const content = await load(file);
      if (!content) throw new Error(`The file ${file} of case ${filed.number} is gone.`);
      yield { name, content };
    }
  }
  return zipped(entries(), at);
}

function rowsOf({ number, filingType, values }: FilingCase, packed: FilingPackage, { recipient, purpose }: Destination): string[][] {
  const rows = [
    ['类别', '项目', '内容'],
    ['资料包', '受理编号', number],
    ['资料包', '业务类型', filingTypeLabels[filingType]],
    ['资料包', '接收方', recipient],
    ['资料包', '用途', purpose],
    ...packed.fields.map((key) => [sectionOf(key), fields[key].label, staffValue(key, values, true)]),
    ...packed.documents.map(({ name }) => ['材料', '文件', name]),
  ];
  return rows.map((cells) => cells.map(withoutFormula));
}

function sectionOf(key: FieldKey): string {
  const at = fieldKeys.indexOf(key);
  return sections.findLast(([first]) => fieldKeys.indexOf(first) <= at)?.[1] ?? '';
}

/** By what they are, not by the names that customers gave them; several of a kind are numbered. */
function namedDocuments({ filingType, values, documents }: FilingCase): FilingPackage['documents'] {
  const counts = new Map<string, number>();
  return documents.map(({ kind, file, contentType, unscanned }) => {
    const title = fileName(documentTitle(kind, { filingType, values }));
    const count = (counts.get(title) ?? 0) + 1;
    counts.set(title, count);
    return {
      kind,
      file,
      name: `${title}${count > 1 ? `-${count}` : ''}.${fileEnding(contentType)}`,
      ...(unscanned && { unscanned }),
    };
  });
}

/** Without what file systems do not take, of which titles have none today. */
function fileName(title: string): string {
  return title.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_');
}
