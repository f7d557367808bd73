import { z } from 'zod';

/** A date as far as it is known: a year, a month or a day. */
const partialDate = z.coerce
  .string() // a bare 2019 is a number in YAML
  .regex(/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/, 'write a date as 2026, 2026-11 or 2026-11-23');

const day = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: 'write a day as 2026-11-23', abort: true })
  .refine(isRealDay, 'this day does not exist in the calendar');

const topicId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write an id in lower case with hyphens, as in topics of the same file');

const sentence = z.string().trim().min(2, 'write at least two characters');

const sourceSchema = z.strictObject({
  title: sentence,
  issuer: sentence,
  published: partialDate,
  url: z.url({ protocol: /^https$/, error: 'write an address that begins with https://' }).optional(),
  /** Where editors find the source again; never shown to visitors. */
  ref: z.string().optional(),
});

const entrySchema = z
  .strictObject({
    id: topicId,
    question: sentence.max(40, 'a question is shown on a button: at most 40 characters'),
    keywords: z.array(sentence).min(1, 'give at least one keyword'),
    phrasings: z.array(sentence).min(30, 'write at least 30 phrasings: their breadth decides what is recognised'),
    answer: z.string().trim().min(40, 'write the conclusion, the conditions and the next step'),
    confidence: z.enum(['high', 'medium', 'low']),
    confirm: sentence.optional(),
    sources: z.array(sourceSchema).min(1, 'name at least one source'),
    reviewed: day,
    expires: day.optional(),
    /** Place among the most asked questions of the greeting. */
    menu: z.number().int().min(1).max(9).optional(),
    related: z.array(topicId).default([]),
    confusableWith: z.array(topicId).default([]),
  })
  .refine((entry) => entry.confidence === 'high' || entry.confirm !== undefined, {
    path: ['confirm'],
    error: 'confidence below high needs `confirm`: what to confirm, and with whom',
  });

/** One YAML file of `knowledge/faq`: a category with its topics. */
export const categorySchema = z.strictObject({
  category: topicId,
  title: sentence,
  entries: z.array(entrySchema).min(1, 'a category needs at least one entry'),
});

export type Source = z.infer<typeof sourceSchema>;

/** One topic: what visitors may ask, the reviewed answer, and what it rests on. */
export type FaqEntry = z.infer<typeof entrySchema> & { category: string };

/** Days are compared as text (`2026-11-23`); an entry is out of date from the day after `expires`. */
export function isExpired(entry: FaqEntry, today: string): boolean {
  return entry.expires !== undefined && entry.expires < today;
}

function isRealDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
