import { z } from 'zod';

const pickSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('topic'), topic: z.string() }),
  z.object({ kind: z.literal('feedback'), useful: z.boolean() }),
  z.object({ kind: z.literal('erasure'), confirmed: z.boolean() }),
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
});

export type Session = z.infer<typeof sessionSchema>;

export const newSession: Session = { version: 1, greeted: false, choices: [], missesInARow: 0 };
