import { z } from 'zod';
import { filingTypes } from '../../knowledge/filing/filing-case.ts';
import { fieldKeys } from '../../knowledge/filing/form.ts';
import { handoffReasons } from '../handoff-request.ts';
import type { Choice } from '../reply.ts';

/** What a choice offered by the form, or about a case, does when it is picked. */
export const actSchema = z.discriminatedUnion('do', [
  /** Begins a form; without a type the customer is first asked what is needed. */
  z.object({ do: z.literal('start'), filingType: z.enum(filingTypes).optional() }),
  /** Answers a question of `choose.ts`. */
  z.object({ do: z.literal('choose'), answer: z.string() }),
  z.object({ do: z.literal('consent'), to: z.enum(['general', 'certificates']), given: z.boolean() }),
  z.object({ do: z.literal('answer'), field: z.enum(fieldKeys), value: z.string() }),
  /** Asks a field again, to be changed; `typed`: what to. */
  z.object({ do: z.literal('change'), field: z.enum(fieldKeys), typed: z.string().optional() }),
  /** Settles the pending question of the form. */
  z.object({ do: z.literal('settle'), yes: z.boolean() }),
  /** Says which document the files just sent are. */
  z.object({ do: z.literal('document'), document: z.string() }),
  /** `anyway`: although something is to be mended first. */
  z.object({ do: z.literal('submit'), anyway: z.boolean() }),
  /** Tells about a case of this conversation. */
  z.object({ do: z.literal('status'), number: z.string() }),
  /** Changes a submitted case of this conversation: as was said, or one item; `typed`: what to, `sure`: exactly that. */
  z.object({ do: z.literal('amend'), number: z.string(), said: z.string() }),
  z.object({
    do: z.literal('amend-item'),
    number: z.string(),
    field: z.enum(fieldKeys),
    typed: z.string().optional(),
    sure: z.boolean().optional(),
  }),
  z.object({ do: z.literal('person'), reason: z.enum(handoffReasons) }),
  z.object({ do: z.literal('leave-queue') }),
  /** Asks which case it is about, and tells how it stands. */
  z.object({ do: z.literal('inquire') }),
  z.object({ do: z.enum(['continue', 'pause', 'cancel', 'skip', 'summary', 'call-back']) }),
]);

export type Act = z.infer<typeof actSchema>;

/** A choice that does something with a form or a case. */
export function choice(label: string, act: Act): Choice {
  return { label, pick: { kind: 'act', act } };
}

/** The two answers to a question of the form itself. */
export function yesOrNo(yes: string, no: string): Choice[] {
  return [choice(yes, { do: 'settle', yes: true }), choice(no, { do: 'settle', yes: false })];
}
