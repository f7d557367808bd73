import { parseXml, type XmlElement } from '@rgrove/parse-xml';
import { unzip } from './unzip.ts';

/** The parts of a workbook by their names, each of which is XML. */
export function partsOf(workbook: Buffer): Map<string, XmlElement> {
  return new Map(
    unzip(workbook).map(({ name, content }) => {
      const { root } = parseXml(content.toString());
      if (!root) throw new Error(`${name} is empty.`);
      return [name, root];
    }),
  );
}

/** All elements of a name, however deep. */
export function elementsIn({ children }: XmlElement, name: string): XmlElement[] {
  const elements = children.filter((child) => child.type === 'element') as XmlElement[];
  return elements.flatMap((each) => [...(each.name === name ? [each] : []), ...elementsIn(each, name)]);
}

export function sheetIn(workbook: Buffer): XmlElement {
  const sheet = partsOf(workbook).get('xl/worksheets/sheet1.xml');
  if (!sheet) throw new Error('The workbook has no sheet.');
  return sheet;
}

/** The cells as Excel shows them, row by row. */
export function rowsIn(workbook: Buffer): string[][] {
  const shown = (text: string) => text.replace(/_x([0-9A-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return elementsIn(sheetIn(workbook), 'row').map((row) => elementsIn(row, 't').map(({ text }) => shown(text)));
}
