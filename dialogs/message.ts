import { z } from 'zod';
import { caseStates } from '../knowledge/filing/filing-case.ts';
import type { FieldKey } from '../knowledge/filing/form.ts';
import type { HandoffEvent } from './handoff-request.ts';
import type { Beginning } from './intake/fill-in.ts';

/** A file kept by the bot under `file`; `name` is what the customer called it. `unscanned`: it should have been, but no scanner was there. */
export const receivedFileSchema = z.object({
  file: z.string(),
  name: z.string(),
  contentType: z.string(),
  unscanned: z.literal(true).optional(),
});
export type ReceivedFile = z.infer<typeof receivedFileSchema>;

/** What became of a case: another conversation of the customer holds it now, or staff changed its state. */
export const caseNewsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('moved') }),
  z.object({ kind: z.literal('state'), state: z.enum(caseStates), note: z.string().optional() }),
]);
export type CaseNews = z.infer<typeof caseNewsSchema>;

export const unreadKinds = ['voice', 'video', 'location', 'link', 'sticker', 'file', 'picture'] as const;
/**
 * Why a file is not taken in, whatever it is. `infected`: the scanner found something; `unscanned`: there was none, and one is required;
 * `unasked`: the conversation has no use for files now; `too-much`: it has had too many bytes of them; the others are about PDF documents.
 */
export type FileRefusal = 'infected' | 'unscanned' | 'unasked' | 'too-much' | 'pdf-too-long' | 'pdf-locked' | 'pdf-unreadable';
export type Unread = (typeof unreadKinds)[number] | FileRefusal;

/** What reaches the conversation, whatever channel it came by. */
export type Message =
  /** The customer has opened the conversation and said nothing yet. */
  | { kind: 'join' }
  | { kind: 'text'; text: string }
  /** Pictures or documents, with or without words. */
  | { kind: 'files'; files: ReceivedFile[]; text?: string }
  /** Something the bot has no eyes or ears for, or has not taken in. */
  | { kind: 'unread'; what: Unread }
  /** The customer has left the channel for good: what is kept of them goes. */
  | { kind: 'leave' }
  /** Told by the bot's own side, not by the customer. */
  | { kind: 'case'; number: string; event: CaseNews }
  /** A value that the person in charge enters into the form. */
  | { kind: 'fill'; field: FieldKey; typed: string }
  /** A case that the person in charge begins for the customer. */
  | ({ kind: 'begin' } & Beginning)
  | { kind: 'handoff'; event: HandoffEvent; agent?: string };

/** Who speaks for the agency in a conversation. */
export type Owner = { kind: 'bot' } | { kind: 'agent'; id: string; name: string };
