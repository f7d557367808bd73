import { z } from 'zod';
import { caseDocumentSchema, filingTypes } from '../../knowledge/filing/filing-case.ts';
import { type FieldKey, fieldKeys, type Values, valuesSchema } from '../../knowledge/filing/form.ts';
import { receivedFileSchema } from '../message.ts';

const key = z.enum(fieldKeys);
const consent = z.enum(['given', 'refused']).optional();

/** A filing case that is being filled in, as its conversation remembers it from turn to turn. */
export const formSchema = z.object({
  /** Names this draft: the turn that began it. */
  draft: z.string(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  /** Unset until it is settled what the customer needs; see `choose.ts`. */
  filingType: z.enum(filingTypes).optional(),
  /** Answers to the questions that settle it, in order. */
  chosen: z.array(z.string()),
  /** The case number, given once the customer has agreed that data may be collected. */
  number: z.string().optional(),
  /** Agreed that personal data are collected (`general`), and certificate numbers; unset: not asked yet. */
  consent: z.object({ general: consent, certificates: consent }),
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
      /** The consent that was asked for last; see `consent`. */
      z.object({ kind: z.literal('consent'), to: z.enum(['general', 'certificates']) }),
      z.object({ kind: z.literal('cancel') }),
      z.object({ kind: z.literal('restart') }),
      /** Another case was asked for while this one is open. */
      z.object({ kind: z.literal('switch'), filingType: z.enum(filingTypes).optional() }),
      /** What was read, with a doubt that the customer settles: gmial.com or gmail.com. `typed` is empty when it cannot stand. */
      z.object({ kind: z.literal('confirm'), field: key, value: z.string(), typed: z.string() }),
      /** 改手机号 may mean any of these. */
      z.object({ kind: z.literal('which'), fields: z.array(key), typed: z.string().optional() }),
      /** Which document the files just sent are. */
      z.object({ kind: z.literal('document'), files: z.array(receivedFileSchema) }),
    ])
    .optional(),
  /** The customer left the form for now (稍后再填); it waits. */
  paused: z.boolean(),
});

export type Form = z.infer<typeof formSchema>;

export function newForm(draft: string, startedAt: number): Form {
  return { draft, startedAt, chosen: [], consent: {}, values: {}, trail: [], skipped: [], documents: [], paused: false };
}

/** The form with values accepted; `skipped` no longer names them. */
export function withValues(form: Form, values: Values): Form {
  return { ...form, values: { ...form.values, ...values }, skipped: form.skipped.filter((each) => values[each] === undefined) };
}

/** The form without its pending question. */
export function settled({ pending: _, ...form }: Form): Form {
  return form;
}

/** The form with a question as the one that waits, and the one before it remembered for 上一步. */
export function asking(form: Form, field: FieldKey): Form {
  if (form.asked === field) return form;
  const trail = form.asked === undefined ? form.trail : [...form.trail.filter((each) => each !== form.asked), form.asked];
  return { ...form, asked: field, trail: trail.filter((each) => each !== field) };
}

/** The form with its question answered: that is where 上一步 leads back to. */
export function pastQuestion(form: Form, field: FieldKey): Form {
  const { asked: _, ...rest } = form;
  return { ...rest, trail: [...form.trail.filter((each) => each !== field), field] };
}
