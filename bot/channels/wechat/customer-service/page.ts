import { z } from 'zod';
import type { Unread } from '../../../../dialogs/message.ts';

/**
 * What `kf/sync_msg` gives: a page of an account's log, read from a cursor on (page 94670 and its successors, read 2026-11). Unknown kinds are
 * taken in, and passed over.
 */
const id = z.string().min(1).max(128);

const eventSchema = z.looseObject({
  event_type: z.string(),
  external_userid: id.optional(),
  scene: z.string().optional(),
  welcome_code: z.string().optional(),
  fail_msgid: z.string().optional(),
  fail_type: z.number().optional(),
  change_type: z.number().optional(),
  new_servicer_userid: z.string().optional(),
  msg_code: z.string().optional(),
  recall_msgid: z.string().optional(),
});

const itemSchema = z.looseObject({
  msgid: id,
  external_userid: id.optional(),
  /** Seconds since 1970. */
  send_time: z.number(),
  /** 3: the customer; 4: the system; 5: an agent, in their own WeCom. */
  origin: z.number(),
  servicer_userid: z.string().optional(),
  msgtype: z.string(),
  text: z.looseObject({ content: z.string() }).optional(),
  image: z.looseObject({ media_id: z.string() }).optional(),
  location: z.looseObject({ name: z.string().default(''), address: z.string().default('') }).optional(),
  link: z.looseObject({ title: z.string().default('') }).optional(),
  event: eventSchema.optional(),
});

export const pageSchema = z.object({
  next_cursor: z.string().default(''),
  has_more: z.number().default(0),
  msg_list: z.array(itemSchema).default([]),
});

export type Item = z.infer<typeof itemSchema>;
export type KfEvent = z.infer<typeof eventSchema>;

export const origins = { customer: 3, system: 4, agent: 5 };

/** The ids of what was taken back: nobody is to answer it. */
export function recalledIn(items: readonly Item[]): ReadonlySet<string> {
  return new Set(items.flatMap(({ event }) => (event?.event_type === 'user_recall_msg' && event.recall_msgid ? [event.recall_msgid] : [])));
}

/** Why a message has not arrived that was taken for sent. */
export function failureOf(failType: number | undefined): 'window-closed' | 'quota-used' | 'unreachable' | 'account' | 'platform-away' {
  switch (failType) {
    case 4:
    case 5:
      return 'window-closed';
    case 6:
      return 'quota-used';
    case 10:
      return 'unreachable';
    case 1:
    case 2:
    case 7:
    case 8:
    case 9:
      return 'account';
    default:
      return 'platform-away';
  }
}

export type Words = { kind: 'text'; text: string } | { kind: 'picture'; mediaId: string } | { kind: 'unread'; what: Unread; text: string };

/** What a customer, or an agent, has said with an item. */
export function wordsOf({ msgtype, text, image, location, link }: Item): Words {
  switch (msgtype) {
    case 'text':
      return { kind: 'text', text: text?.content ?? '' };
    case 'image':
      return { kind: 'picture', mediaId: image?.media_id ?? '' };
    case 'voice':
      return { kind: 'unread', what: 'voice', text: '[语音]' };
    case 'video':
      return { kind: 'unread', what: 'video', text: '[视频]' };
    case 'location':
      return { kind: 'unread', what: 'location', text: `[位置] ${location?.name ?? ''} ${location?.address ?? ''}`.trim() };
    case 'link':
      return { kind: 'unread', what: 'link', text: `[链接] ${link?.title ?? ''}`.trim() };
    default:
      return { kind: 'unread', what: 'file', text: '[文件]' };
  }
}
