import { z } from 'zod';

/** One YAML file of `knowledge/out-of-scope`: messages that no topic answers, by subject. */
export const outOfScopeSchema = z.record(
  z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write a subject in lower case with hyphens'),
  z.array(z.coerce.string()).min(3, 'write at least three messages: fewer do not show what the subject is about'),
);

/** A subject that the bot knows not to be its own, by what people write about it. */
export interface OutOfScope {
  subject: string;
  messages: readonly string[];
}
