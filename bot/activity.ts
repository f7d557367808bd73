import { z } from 'zod';
import type { Unread } from '../dialogs/message.ts';
import { maskTyped } from '../knowledge/text/mask.ts';

/**
 * The parts of a Bot Framework activity that this bot keeps and sends: the common tongue of all channels and pages. Declared
 * here, without the SDK, because transcripts outlive it. Field meanings: Bot Framework activity schema, version 3.
 */
export interface Activity {
  type: 'message' | 'event' | 'typing' | 'endOfConversation';
  timestamp: string;
  from: ActivityAccount;
  text?: string;
  textFormat?: 'plain' | 'markdown' | 'xml';
  locale?: string;
  name?: string;
  value?: unknown;
  attachments?: ActivityAttachment[];
  suggestedActions?: { actions: SuggestedAction[] };
  inputHint?: string;
  channelData?: ChannelData;
  replyToId?: string;
}

export interface ActivityAccount {
  id: string;
  name?: string;
  role?: 'user' | 'bot';
}

export interface ActivityAttachment {
  contentType: string;
  contentUrl?: string | undefined;
  thumbnailUrl?: string | undefined;
  name?: string | undefined;
  content?: unknown;
  /** Of a file kept by us: SHA-256 of its content, by which a resent upload is known. Clients do not see it. */
  digest?: string;
  /** Of such a file: no scanner was there to look at it. Only staff see it. */
  unscanned?: true;
}

export interface SuggestedAction {
  type: 'imBack';
  title: string;
  value: string;
}

/** `unread`: what the customer has sent is nothing that the bot can read; only our own channels say so. */
export type ChannelData = Record<string, unknown> & { clientActivityID?: string; filing?: FilingData; unread?: Unread };

/** What a reply carries for programs; the stable contract with widgets and channels. */
export interface FilingData {
  kind: string;
  topic?: string;
  confidence?: number;
  topics?: string[];
  handoff?: string;
  /** The item of a case that a question, or a refusal, is about. */
  field?: string;
  /** Code of what is wrong with a value. */
  problem?: string;
  progress?: { done: number; total: number };
  /**
   * Several of the choices may be picked: what is said then are their labels with 、 between them. Each of `alone` goes with no other,
   * and at most `most` go together.
   */
  several?: { alone: string[]; most?: number };
  caseNumber?: string;
  /**
   * The items of a summary, masked; `change` is what to say to change one. Those of the same `group` follow each other and go into one
   * line, `short` before the value where that does not speak for itself.
   */
  summary?: { field: string; label: string; value: string; change: string; group?: string; short?: string }[];
  /** Where in the text these lines stand, for clients that show them in another way. */
  summaryAt?: number;
  summaryEnd?: number;
  /** Where in the text its sources and dates begin, for clients that show them in another way. */
  provenanceAt?: number;
  /** Length of the text before the numbered list of choices, for clients that show the choices as buttons. */
  choicesAt?: number;
}

// Addresses that only mean something on the client's own machine (blob:, file:) or could run there (javascript:) are dropped.
const contentAddress = z
  .string()
  .max(2048)
  .regex(/^https?:\/\//i)
  .optional()
  .catch(undefined);
const thumbnailAddress = z
  .string()
  .max(65_536)
  .regex(/^(https?:\/\/|data:image\/(png|jpeg|gif|webp);base64,)/i)
  .optional()
  .catch(undefined);

const attachmentSchema = z.object({
  contentType: z.string().max(200),
  contentUrl: contentAddress,
  thumbnailUrl: thumbnailAddress,
  name: z.string().max(300).optional(),
  content: z.unknown().optional(),
});

/** Control characters have no meaning in a message and can spoil logs and terminals; line breaks and tabs stay. */
const text = z
  .string()
  .transform((value) => value.toWellFormed().replace(/[\p{Cc}\p{Co}]/gu, (character) => ('\n\t'.includes(character) ? character : '')));

/** What a client may say. Everything else it sends is dropped: sender, roles and our own fields are set by the server. */
export const clientActivitySchema = z.object({
  type: z.enum(['message', 'event', 'typing', 'endOfConversation'], {
    error: 'clients may send message, event, typing and endOfConversation',
  }),
  id: z.string().max(200).optional(),
  /** Counts only where the token names no user; the role is never the client's to choose. */
  from: z
    .object({ id: z.string().max(200), name: z.string().max(200).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  text: text.optional(),
  textFormat: z.enum(['plain', 'markdown', 'xml']).optional().catch(undefined),
  locale: z.string().max(35).optional().catch(undefined),
  name: z
    .string()
    .max(200)
    .refine((name) => !name.startsWith('handoff.'), 'name: clients may not send handoff events')
    .optional(),
  value: z.unknown().optional(),
  attachments: z.array(attachmentSchema).max(10, 'attachments: at most 10').optional(),
  channelData: z
    .record(z.string(), z.unknown())
    .transform(({ filing: _, unread: __, clientActivityID: id, ...data }) => ({
      ...data,
      ...(typeof id === 'string' && { clientActivityID: id }),
    }))
    .optional()
    .catch(undefined),
});

export type ClientActivity = z.output<typeof clientActivitySchema>;

/** The activity as it may be kept: with certificate numbers, passwords and codes covered in all that a customer types. */
export function withSecretsMasked(activity: Activity): Activity {
  const { text: typed, value, attachments } = activity;
  return {
    ...activity,
    ...(typed !== undefined && { text: maskTyped(typed) }),
    ...(value !== undefined && { value: maskedThroughout(value) }),
    ...(attachments && { attachments: attachments.map(maskedAttachment) }),
  };
}

function maskedAttachment({ name, content, ...attachment }: ActivityAttachment): ActivityAttachment {
  return {
    ...attachment,
    ...(name !== undefined && { name: maskTyped(name) }),
    ...(content !== undefined && { content: maskedThroughout(content) }),
  };
}

function maskedThroughout(value: unknown): unknown {
  if (typeof value === 'string') return maskTyped(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) && value < 1e14 ? value : maskTyped(String(value));
  if (Array.isArray(value)) return value.map(maskedThroughout);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [maskTyped(key), maskedThroughout(each)]));
}

/** The words of a client's message: its text or, for a button that sends a bare value, that value. */
export function wordsOf({ text: said, value }: Pick<ClientActivity, 'text' | 'value'>): string {
  if (said !== undefined && said.trim() !== '') return said;
  return typeof value === 'string' ? value : '';
}
