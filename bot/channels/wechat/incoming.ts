import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Unread } from '../../../dialogs/message.ts';
import { CallbackRefused } from './refusal.ts';
import type { XmlFields } from './xml.ts';

/** What somebody did in an official account or a WeCom app, read from a callback. `id` is the same however often it is delivered. */
export type Incoming = { person: string; id: string /** Milliseconds since 1970. */; at: number } & (
  | { kind: 'text'; text: string }
  | { kind: 'picture'; mediaId: string }
  | { kind: 'unread'; what: Unread; text: string }
  /** A key of the account's menu, which holds the words to be said. */
  | { kind: 'menu'; text: string }
  | { kind: 'join' }
  | { kind: 'leave' }
  /** Nothing that asks for anything. */
  | { kind: 'ignored'; event: string }
);

/** What the platform writes in place of a sticker, and of whatever else it does not pass on. */
const unsupported = '【收到不支持的消息类型，暂无法显示】';

const seconds = z
  .string()
  .trim()
  .regex(/^\d{9,12}$/)
  .transform((text) => Number(text) * 1000);
const word = z.string().trim().max(200);

const commonSchema = z.object({
  // openid of an official account; userid of WeCom, which may have dots and at signs in it.
  FromUserName: z
    .string()
    .trim()
    .regex(/^[\w.@-]{1,64}$/),
  CreateTime: seconds,
  MsgType: word,
  MsgId: word.optional(),
  MsgID: word.optional(),
  Event: word.optional(),
  EventKey: z.string().max(2048).optional(),
  Ticket: word.optional(),
  AgentID: word.optional(),
  MenuId: word.optional(),
  TaskId: word.optional(),
  Content: z.string().optional(),
  MediaId: z.string().trim().max(512).optional(),
  Recognition: z.string().optional(),
  Label: z.string().optional(),
  Title: z.string().optional(),
});
type Fields = z.infer<typeof commonSchema>;

/** Reads the message inside the envelope; throws `CallbackRefused` when it is none. As the pages on receiving messages and events say (read 2026-11). */
export function readIncoming(fields: XmlFields): Incoming {
  const parsed = commonSchema.safeParse(Object.fromEntries([...fields].filter(([, value]) => typeof value === 'string')));
  if (!parsed.success) throw new CallbackRefused('xml', { cause: parsed.error });
  const { data } = parsed;
  const common = { person: data.FromUserName, id: idOf(data), at: data.CreateTime };
  return { ...common, ...contentOf(data) };
}

/**
 * The platform's number of a message, in which two senders may share one. Events have none: two of the same second are told apart by all they
 * have.
 */
function idOf({ MsgType, MsgId, MsgID, FromUserName, CreateTime, Event, EventKey, Ticket, AgentID, MenuId, TaskId }: Fields): string {
  const given = MsgId ?? MsgID;
  if (given && MsgType !== 'event') return given;
  const parts = [FromUserName, CreateTime, Event, EventKey, Ticket, AgentID, MenuId ?? TaskId, given];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

type Content = Incoming extends infer Each ? (Each extends Incoming ? Omit<Each, 'person' | 'id' | 'at'> : never) : never;

function contentOf(fields: Fields): Content {
  const { MsgType, Content = '', MediaId = '', Recognition = '', Label = '', Title = '' } = fields;
  switch (MsgType.toLowerCase()) {
    case 'text':
      return Content === unsupported ? { kind: 'unread', what: 'sticker', text: '[表情]' } : { kind: 'text', text: Content };
    case 'image':
      return { kind: 'picture', mediaId: MediaId };
    case 'voice':
      return Recognition.trim() === '' ? { kind: 'unread', what: 'voice', text: '[语音]' } : { kind: 'text', text: Recognition };
    case 'video':
    case 'shortvideo':
      return { kind: 'unread', what: 'video', text: '[视频]' };
    case 'location':
      return { kind: 'unread', what: 'location', text: `[位置] ${Label}`.trim() };
    case 'link':
      return { kind: 'unread', what: 'link', text: `[链接] ${Title}`.trim() };
    case 'file':
      return { kind: 'unread', what: 'file', text: `[文件] ${Title}`.trim() };
    case 'event':
      return eventOf(fields);
    default:
      return { kind: 'ignored', event: MsgType };
  }
}

/** Upper and lower case are not used in one way: both are taken. */
function eventOf({ Event = '', EventKey = '' }: Fields): Content {
  switch (Event.toLowerCase()) {
    case 'subscribe':
    case 'scan':
    case 'enter_agent':
      return { kind: 'join' };
    case 'unsubscribe':
      return { kind: 'leave' };
    case 'click':
      return EventKey.trim() === '' ? { kind: 'ignored', event: Event } : { kind: 'menu', text: EventKey.trim() };
    default:
      return { kind: 'ignored', event: Event };
  }
}
