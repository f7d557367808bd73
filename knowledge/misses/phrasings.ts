import { categorySchema } from '../faq-entry.ts';
import { KnowledgeError } from '../fault.ts';
import { editCategory } from '../sheet/edit-yaml.ts';
import { readTopics } from '../sheet/plan-import.ts';
import type { TopicRow } from '../sheet/sheets.ts';
import { readYaml } from '../yaml-file.ts';

/** Phrasings that a topic gets, or has got. */
export interface AddedPhrasings {
  /** The category, whose file is named after it. */
  category: string;
  topic: string;
  phrasings: readonly string[];
}

/** The text of the topic's category file with the phrasings behind those it has; the rest keeps every byte. */
export function withPhrasings(text: string, added: AddedPhrasings): string {
  const row = rowOf(text, added);
  if (!row) throw new Error(`There is no topic ${added.topic} in ${added.category}.`);
  const edited = edit(text, row, [...row.phrasings, ...added.phrasings]);
  const isNew = !added.phrasings.some((phrasing) => row.phrasings.includes(phrasing)); // what is not, the check finds
  // What cannot be taken back exactly is not done by a program.
  if (isNew && withoutPhrasings(edited, added) !== text)
    throw new Error(`Phrasings cannot be added to ${added.topic} in place: edit it by hand.`);
  return edited;
}

/** The text as it was before they were added; undefined when they are no longer there as they were written. */
export function withoutPhrasings(text: string, added: AddedPhrasings): string | undefined {
  const row = rowOf(text, added);
  if (!row || !added.phrasings.every((phrasing) => row.phrasings.includes(phrasing))) return undefined;
  const gone = new Set(added.phrasings);
  const edited = edit(
    text,
    row,
    row.phrasings.filter((phrasing) => !gone.has(phrasing)),
  );
  const { faults } = readYaml(`${added.category}.yaml`, edited, categorySchema);
  if (faults.length > 0) throw new KnowledgeError(faults);
  return edited;
}

function rowOf(text: string, { category, topic }: AddedPhrasings): TopicRow | undefined {
  return readTopics(new Map([[category, text]])).find(({ id }) => id === topic);
}

function edit(text: string, topic: TopicRow, phrasings: readonly string[]): string {
  const changed = [{ topic: { ...topic, phrasings: [...phrasings] }, keys: new Set(['phrasings']) }];
  return editCategory(text, { category: topic.category, removed: new Set(), changed, added: [] }) ?? text;
}
