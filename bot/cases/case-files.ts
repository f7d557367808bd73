import type { FilingCase } from '../../knowledge/filing/filing-case.ts';
import { decode, encode } from '../conversations/conversation.ts';
import type { Files } from '../store/files.ts';
import { partitionOf, type Store } from '../store/store.ts';
import { caseNames } from './kept-case.ts';

/**
 * Which files belong to cases. They come in by a conversation, whose end must not take away what a case needs, so that each has a record
 * of its own that names its case; whether the case still has it is for the case to say.
 */
export class CaseFiles {
  readonly #store: Store;
  readonly #files: Pick<Files, 'remove'>;
  readonly #find: (number: string) => Promise<FilingCase | undefined>;

  constructor(store: Store, files: Pick<Files, 'remove'>, find: (number: string) => Promise<FilingCase | undefined>) {
    this.#store = store;
    this.#files = files;
    this.#find = find;
  }

  /** Notes whose the documents are, before the case names them: at no moment may a case lack its file. */
  async adopt({ number, documents }: FilingCase): Promise<void> {
    if (documents.length === 0) return;
    const known = new Set((await this.#find(number))?.documents.map(({ file }) => file));
    for (const { file } of documents.filter((document) => !known.has(document.file))) {
      await this.#store.apply(partitionOf(file), {
        operations: [{ do: 'put', record: caseNames.file(file), value: encode(number) }],
      });
    }
  }

  /** Erases the files, except those that a case needs. Erasing again changes nothing. */
  async erase(files: readonly string[]): Promise<void> {
    for (const file of files) {
      if (await this.#isNeeded(file)) continue;
      await this.#files.remove([file]);
      await this.#store.apply(partitionOf(file), { operations: [{ do: 'remove', record: caseNames.file(file) }] });
    }
  }

  async #isNeeded(file: string): Promise<boolean> {
    const record = await this.#store.get(partitionOf(file), caseNames.file(file));
    const owner = record && (await this.#find(decode<string>(record.value)));
    return owner?.documents.some((document) => document.file === file) ?? false;
  }
}
