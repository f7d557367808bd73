import { z } from 'zod';
import { caseDocumentSchema, filingTypes } from '../../knowledge/filing/filing-case.ts';
import { type FieldKey, fieldKeys, valuesSchema } from '../../knowledge/filing/form.ts';

const key = z.enum(fieldKeys);

/** A filing case that is being filled in, as its conversation remembers it from turn to turn. */
export const formSchema = z.object({
  /** Names this draft: the turn that began it. */
  draft: z.string(),
  /** Unset until it is settled what the customer needs; see `choose.ts`. */
  filingType: z.enum(filingTypes).optional(),
  /** Answers to the questions that settle it, in order. */
  chosen: z.array(z.string()),
  /** The case number, given once the customer has agreed that data may be collected. */
  number: z.string().optional(),
  /** Agreed that personal data are collected (`general`), and certificate numbers; unset: not asked yet. */
  consent: z.object({ general: z.enum(['given', 'refused']).optional(), certificates: z.enum(['given', 'refused']).optional() }),
  values: valuesSchema,
  /** The question that waits for its answer. */
  asked: key.optional(),
  /** The questions asked before it, oldest first: where 上一步 leads back to. */
  trail: z.array(key),
  /** Optional questions that the customer left out. */
  skipped: z.array(key),
  documents: z.array(caseDocumentSchema),
  /** A question of the form itself that goes before the fields. */
  pending: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('cancel') }),
      z.object({ kind: z.literal('restart') }),
      /** What was read, with a doubt that the customer settles: gmial.com or gmail.com. */
      z.object({ kind: z.literal('confirm'), field: key, value: z.string() }),
      /** 改手机号 may mean any of these. */
      z.object({ kind: z.literal('which'), fields: z.array(key), typed: z.string().optional() }),
      /** Which document the files just sent are. */
      z.object({ kind: z.literal('document'), files: z.array(caseDocumentSchema) }),
    ])
    .optional(),
  /** The customer left the form for now (稍后再填); it waits. */
  paused: z.boolean(),
});

export type Form = z.infer<typeof formSchema>;

export function newForm(draft: string): Form {
  return { draft, chosen: [], consent: {}, values: {}, trail: [], skipped: [], documents: [], paused: false };
}

/** The form with a value accepted; `skipped` no longer names it. */
export function withValues(form: Form, values: Partial<Record<FieldKey, string>>): Form {
  return { ...form, values: { ...form.values, ...values }, skipped: form.skipped.filter((each) => values[each] === undefined) };
}
