import { z } from 'zod';
import { fieldKeys, valuesSchema } from './form.ts';

/** What a case is to bring about. `recover-access`: password, phone or account lost; `license`: an enquiry about an ICP or EDI licence. */
export const filingTypes = [
  'initial',
  'add-service',
  'add-access',
  'change',
  'cancel-filer',
  'cancel-service',
  'cancel-access',
  'recover-access',
  'license',
] as const;
export type FilingType = (typeof filingTypes)[number];

/**
 * Where a case stands: being filled in by the customer, waiting for the agency's check, handed to the access provider, in the
 * provider's review, waiting for the leader's SMS, in the administration's review, approved; returned by either; given up by the
 * customer or the agency; its personal data erased at the customer's wish.
 */
export const caseStates = [
  'drafting',
  'ready',
  'submitted',
  'provider-review',
  'sms-pending',
  'administration-review',
  'approved',
  'returned',
  'cancelled',
  'erased',
] as const;
export type CaseState = (typeof caseStates)[number];

/** A file of a case: `file` is its name in the store, `kind` the document it is, as in `documents.ts`, or `other`. */
export const caseDocumentSchema = z.object({
  kind: z.string(),
  file: z.string(),
  name: z.string(),
  contentType: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** It was to be scanned for viruses, and could not be. */
  unscanned: z.literal(true).optional(),
});
export type CaseDocument = z.infer<typeof caseDocumentSchema>;

export const caseEventSchema = z.object({
  at: z.number(),
  state: z.enum(caseStates),
  by: z.enum(['customer', 'agency']),
  /** Told to the customer: what was returned, what is missing. */
  note: z.string().optional(),
});
export type CaseEvent = z.infer<typeof caseEventSchema>;

/** Something that is otherwise, or wanted otherwise, in a case since it was submitted. */
export const caseChangeSchema = z.discriminatedUnion('kind', [
  /** A value changed by the customer, while staff had not passed the case on; or, where it says so, by staff. */
  z.object({
    kind: z.literal('value'),
    at: z.number(),
    field: z.enum(fieldKeys),
    from: z.string().optional(),
    to: z.string(),
    by: z.literal('agency').optional(),
  }),
  /** For staff to see to: what the customer said, and which item it is about where that is known. */
  z.object({ kind: z.literal('note'), at: z.number(), field: z.enum(fieldKeys).optional(), said: z.string() }),
]);
export type CaseChange = z.infer<typeof caseChangeSchema>;

/** Whether a case is still with the agency, so that its customer can change values. */
export function isWithAgency(state: CaseState): boolean {
  return state === 'ready' || state === 'returned';
}

/** A filing that a customer has asked the agency to make (备案受理单). */
export const filingCaseSchema = z.object({
  version: z.literal(1),
  number: z.string(),
  filingType: z.enum(filingTypes),
  state: z.enum(caseStates),
  values: valuesSchema,
  /** Certificate numbers that the customer would not give in the chat; a person collects them. */
  withheld: z.array(z.enum(fieldKeys)),
  documents: z.array(caseDocumentSchema),
  /** What was changed, or wanted otherwise, after the submission, oldest first. */
  changes: z.array(caseChangeSchema).optional(),
  /** Milliseconds since 1970: when the number was given, and when the customer submitted. */
  startedAt: z.number(),
  openedAt: z.number().optional(),
  /** Oldest first. */
  history: z.array(caseEventSchema),
});
export type FilingCase = z.infer<typeof filingCaseSchema>;
