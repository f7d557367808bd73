import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** `also`: other topics whose answers would do. */
const list = z.array(z.union([z.string(), z.strictObject({ ask: z.string(), also: z.array(z.string()).min(1) })]));
const questionsSchema = z.strictObject({
  topics: z.record(z.string(), z.record(z.string(), list)),
  outOfScope: z.record(z.string(), z.array(z.union([z.string(), z.object({ ask: z.string(), topic: z.string() })]))),
});

/** A question with the topic that answers it, or none. */
export interface LabelledQuestion {
  asked: string;
  topic?: string;
  /** Others whose answers would do. */
  also?: readonly string[];
  /** How it is asked (clean, typo, pinyin …) or why nothing answers it (far, gibberish …). */
  kind: string;
  /** Weights and thresholds are fitted on `development`; only `test` is reported. */
  part: 'development' | 'test';
}

/** Reads the labelled questions. The half a question belongs to follows from its text alone, so that adding some moves none. */
export function readQuestions(file: string, covered: ReadonlySet<string>): LabelledQuestion[] {
  const { topics, outOfScope } = questionsSchema.parse(parse(readFileSync(file, 'utf8')));
  const questions: LabelledQuestion[] = [];
  for (const [topic, kinds] of Object.entries(topics)) {
    for (const [kind, asked] of Object.entries(kinds)) {
      for (const entry of asked) {
        const { ask, also } = typeof entry === 'string' ? { ask: entry } : entry;
        questions.push({ asked: ask, topic, kind, part: partOf(ask), ...(also && { also }) });
      }
    }
  }
  for (const [kind, entries] of Object.entries(outOfScope)) {
    for (const entry of entries) {
      const { ask, topic } = typeof entry === 'string' ? { ask: entry, topic: undefined } : entry;
      // A question on another filing topic is out of scope for as long as that topic is not written.
      if (topic !== undefined && covered.has(topic)) questions.push({ asked: ask, topic, kind: 'clean', part: partOf(ask) });
      else questions.push({ asked: ask, kind, part: partOf(ask) });
    }
  }
  return questions;
}

/** Whether a topic answers the question. */
export function isAnswerTo(id: string | undefined, { topic, also }: Pick<LabelledQuestion, 'topic' | 'also'>): boolean {
  return id !== undefined && (id === topic || (also?.includes(id) ?? false));
}

/** The half that a text belongs to. */
export function partOf(question: string): LabelledQuestion['part'] {
  return (createHash('sha256').update(question).digest()[0] ?? 0) % 2 === 0 ? 'development' : 'test';
}
