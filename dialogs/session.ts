import { z } from 'zod';
import { fieldKeys } from '../knowledge/filing/form.ts';
import { handoffReasons } from './handoff-request.ts';
import { actSchema } from './intake/act.ts';
import { formSchema } from './intake/form.ts';
import { caseNewsSchema, receivedFileSchema } from './message.ts';
import { ratings } from './reply.ts';

const pickSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('topic'), topic: z.string() }),
  z.object({ kind: z.literal('feedback'), useful: z.boolean() }),
  z.object({ kind: z.literal('erasure'), confirmed: z.boolean() }),
  z.object({ kind: z.literal('rating'), rating: z.enum(ratings) }),
  z.object({ kind: z.literal('act'), act: actSchema }),
]);

/** What the bot is asking about a case that is not being filled in. */
const inquirySchema = z.discriminatedUnion('kind', [
  /** Which case, and the proof that it is theirs, as far as said. */
  z.object({
    kind: z.literal('proof'),
    number: z.string().optional(),
    mobileEnd: z.string().optional(),
    /** The change that they want in it. */
    wants: z.string().optional(),
  }),
  /** What an item of a submitted case is to be changed to. */
  z.object({ kind: z.literal('amend'), number: z.string(), field: z.enum(fieldKeys) }),
  /** Which document of the case the files are. */
  z.object({ kind: z.literal('document'), number: z.string(), files: z.array(receivedFileSchema) }),
  /** How the customer is reached, for staff to call back. */
  z.object({
    kind: z.literal('contact'),
    about: z.enum(['consent-refused', 'unknown-notice', 'needs-person']),
    said: z.string().optional(),
    caseNumber: z.string().optional(),
  }),
]);

/** What one conversation remembers between turns. Raise `version` with a migration whenever a field changes its meaning. */
export const sessionSchema = z.object({
  version: z.literal(1),
  greeted: z.boolean(),
  /** Offered in the last reply: a number or a label picks one. */
  choices: z.array(z.object({ label: z.string(), pick: pickSchema })),
  /** The last answer given: what 有用, 没用 and short follow-up questions refer to. */
  answered: z.object({ topic: z.string(), question: z.string(), useful: z.boolean().optional() }).optional(),
  /** Code of the province that the customer last named: what differs between provinces is said for it. */
  province: z.string().optional(),
  /** Questions in a row that got no direct answer. */
  missesInARow: z.number().int().min(0),
  /** The filing case that is being filled in. */
  form: formSchema.optional(),
  inquiry: inquirySchema.optional(),
  /** They wait for a person, or talk with one. */
  handoff: z.object({ reason: z.enum(handoffReasons), since: z.number() }).optional(),
  /** Numbers of the cases that this conversation holds, oldest first. */
  cases: z.array(z.string()).default([]),
  /** News that came while a person was in charge, to be told when the bot speaks again. */
  untold: z.array(z.object({ number: z.string(), event: caseNewsSchema })).default([]),
});

export type Session = z.infer<typeof sessionSchema>;
export type Inquiry = z.infer<typeof inquirySchema>;

export const newSession: Session = { version: 1, greeted: false, choices: [], missesInARow: 0, cases: [], untold: [] };
