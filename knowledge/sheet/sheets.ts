import type { FaqEntry } from '../faq-entry.ts';
import * as cells from './cells.ts';
import { wording } from './wording.ts';

/** A topic as a row has it: what is left out of the entry is empty, and the category is named in full. */
export type TopicRow = { readonly [F in keyof Required<FaqEntry>]: F extends keyof FaqEntry ? Readonly<FaqEntry[F]> : never } & {
  readonly title: string;
};

/** A subject that no topic answers, with the file it stands in. */
export interface SubjectRow {
  readonly file: string;
  readonly subject: string;
  readonly messages: readonly string[];
}

export interface Column<R> {
  field: keyof R & string;
  heading: string;
  write(row: R): string;
  read(cell: string): cells.CellReading<Partial<R>>;
}

/** A kind of sheet: its columns in the order in which they are written, and what tells its rows apart. */
export interface SheetKind<R> {
  columns: readonly Column<R>[];
  /** The columns that name a row. */
  key: readonly (keyof R & string)[];
}

/** Characters that Excel keeps of a cell. */
export const longestCell = 32_767;

export const topicSheet: SheetKind<TopicRow> = {
  key: ['id'],
  columns: [
    topic('id', cells.id),
    topic('category', cells.id),
    topic('title', cells.text),
    topic('question', cells.text),
    topic('keywords', cells.words),
    topic('phrasings', cells.lines),
    topic('answer', cells.text),
    topic('confidence', cells.oneOf(wording.confidence)),
    topic('confirm', cells.optionalText),
    topic('sources', cells.sources),
    topic('reviewed', cells.day),
    topic('expires', cells.optionalDay),
    topic('menu', cells.optionalNumber),
    topic('related', cells.ids),
    topic('confusableWith', cells.ids),
  ],
};

export const subjectSheet: SheetKind<SubjectRow> = {
  key: ['file', 'subject'],
  columns: [subject('file', cells.id), subject('subject', cells.id), subject('messages', cells.lines)],
};

export function keyOf<R>(kind: SheetKind<R>, row: Pick<R, keyof R & string>): string {
  return kind.key.map((field) => String(row[field])).join('/');
}

function topic<F extends keyof TopicRow>(field: F, codec: cells.Codec<TopicRow[F]>): Column<TopicRow> {
  return column<TopicRow, F>(field, wording.topicHeadings[field], codec);
}

function subject<F extends keyof SubjectRow>(field: F, codec: cells.Codec<SubjectRow[F]>): Column<SubjectRow> {
  return column<SubjectRow, F>(field, wording.subjectHeadings[field], codec);
}

function column<R, F extends keyof R & string>(field: F, heading: string, codec: cells.Codec<R[F]>): Column<R> {
  return {
    field,
    heading,
    write: (row) => codec.write(row[field]),
    read: (cell) => {
      const reading = codec.read(cell);
      // One key of R with a value of its type: the compiler cannot see that a computed key is one.
      return 'problem' in reading ? reading : { value: { [field]: reading.value } as unknown as Partial<R> };
    },
  };
}
