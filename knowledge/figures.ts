import { z } from 'zod';
import type { FaqEntry } from './faq-entry.ts';

/** `knowledge/figures.yaml`: days, amounts and dates that several answers state and that must agree. */
export const figuresSchema = z.array(
  z.strictObject({
    name: z.string().min(2),
    pattern: z.string().transform((source, context) => {
      try {
        return new RegExp(source, 'gu');
      } catch {
        context.addIssue({ code: 'custom', message: 'write a regular expression whose first group is the figure' });
        return z.NEVER;
      }
    }),
    value: z.coerce.string(),
  }),
);

export type Figure = z.infer<typeof figuresSchema>[number];

/** What an answer states otherwise than the list of figures. */
export function contradictions({ answer }: Pick<FaqEntry, 'answer'>, figures: readonly Figure[]): string[] {
  return figures.flatMap(({ name, pattern, value }) =>
    [...answer.replaceAll('**', '').matchAll(pattern)].flatMap(([stated, ...groups]) => {
      const figure = groups.find((group) => group !== undefined);
      return figure === value ? [] : [`"${stated}" contradicts ${name} (${value}): correct the answer, or knowledge/figures.yaml`];
    }),
  );
}
