import { isMap, isSeq, parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { KnowledgeError } from '../fault.ts';
import { readYaml } from '../yaml-file.ts';

const regressionSchema = z.strictObject({
  asked: z.string().min(1),
  topic: z.string().min(1),
  added: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'write a day as 2026-11-23'),
  by: z.string().min(1),
});
const regressionsSchema = z.array(regressionSchema);

/** A question that was answered badly once, and by the topic since a person saw to it. */
export type Regression = z.infer<typeof regressionSchema>;

const head = `# Questions that customers asked in vain until somebody at the agents' desk added phrasings for them. The tests hold that each is still
# answered by its topic. \`by\`: the id of an account; the desk knows whose.
`;

/** The regressions in a file's text; none without a file. Throws a `KnowledgeError` when the text has faults. */
export function readRegressions(text: string | undefined): Regression[] {
  if (text === undefined) return [];
  const { content, faults } = readYaml('regressions.yaml', text, regressionsSchema);
  if (content === undefined) throw new KnowledgeError(faults);
  return content;
}

/** The text with more regressions at its end; comments and order stay. */
export function withRegressions(text: string | undefined, added: readonly Regression[]): string | undefined {
  if (added.length === 0) return text;
  // One that was emptied by hand may say so in a way that nothing can be added to in place.
  if (text === undefined || readRegressions(text).length === 0) return head + stringify(added, { lineWidth: 0 });
  const document = parseDocument(text);
  for (const regression of added) document.add(document.createNode(regression));
  return document.toString({ lineWidth: 0 });
}

/** The text without these regressions, undefined for no file; `changed` when one of them is no longer there as it was written. */
export function withoutRegressions(
  text: string | undefined,
  removed: readonly Regression[],
): { outcome: 'removed'; text: string | undefined } | { outcome: 'changed' } {
  if (removed.length === 0) return { outcome: 'removed', text };
  const found = readRegressions(text).map(keyOf);
  const gone = new Set(removed.map(keyOf));
  if (text === undefined || ![...gone].every((key) => found.includes(key))) return { outcome: 'changed' };
  if (found.every((key) => gone.has(key))) return { outcome: 'removed', text: undefined };
  const document = parseDocument(text);
  const list = document.contents;
  if (isSeq(list)) list.items = list.items.filter((item) => !isMap(item) || !gone.has(keyOf(regressionSchema.parse(item.toJSON()))));
  return { outcome: 'removed', text: document.toString({ lineWidth: 0 }) };
}

function keyOf({ asked, topic, added, by }: Regression): string {
  return JSON.stringify([asked, topic, added, by]);
}
