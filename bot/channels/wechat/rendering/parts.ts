import * as messages from '../../../../dialogs/messages.ts';
import { paragraphs } from '../../../../dialogs/say.ts';
import type { Activity, SuggestedAction } from '../../../activity.ts';
import { numberedList } from '../../../turns/render.ts';
import { type Links, markdownText, plainText } from './markdown-text.ts';
import { byteLength, split } from './split.ts';

/** One message of a WeChat channel: a text, or a few lines to tap below a head. None is ever empty. */
export type Part = { kind: 'text'; text: string } | Menu;

export interface Menu {
  kind: 'menu';
  head: string;
  /** `value` is what the tap says, as if the customer had typed it. */
  items: { title: string; value: string }[];
}

/** What the clients of a channel can show. All sizes in bytes of UTF-8. */
export interface Dialect {
  links: Links;
  /** Whether the account may send menus (msgmenu). */
  menus: boolean;
  textBytes: number;
  headBytes: number;
  itemBytes: number;
  mostItems: number;
}

// The platforms document 2,048 bytes for a text, and 1,024 for a head and 128 for a line of Customer Service (developer.work.weixin.qq.com,
// 接收消息和事件 and 发送消息, 2026-02). The Official Account documents none of them: its lines are held to two on a phone.
const sizes = { textBytes: 2000, headBytes: 1000, mostItems: 10 };

export const dialects = {
  officialAccount: { ...sizes, links: 'anchor', menus: true, itemBytes: 96 },
  /** Accounts without certification are refused menus (40200). */
  officialAccountUnverified: { ...sizes, links: 'anchor', menus: false, itemBytes: 40 },
  wecom: { ...sizes, links: 'anchor', menus: false, itemBytes: 40 },
  customerService: { ...sizes, links: 'bare', menus: true, itemBytes: 128 },
} as const satisfies Record<string, Dialect>;

/**
 * A message as what the channel can carry, in order, with nothing left out: choices become a menu where the channel has one and they
 * fit, and otherwise stay the numbered list that every reply ends with. What is no message has no parts.
 */
export function partsOf(activity: Activity, dialect: Dialect): Part[] {
  if (activity.type !== 'message') return [];
  const { said, invitation } = wordsOf(activity, dialect.links);
  const choices = (activity.suggestedActions?.actions ?? []).map((action) => itemOf(action, dialect.links));
  const asMenu = fitsMenu(choices, dialect) && activity.channelData?.filing?.several === undefined;
  return asMenu ? withMenu(said, invitation, choices, dialect) : asText(said, invitation, choices, dialect);
}

interface Words {
  said: string;
  /** What leads over to the choices. */
  invitation: string;
}

/** The text of the activity without the list of its choices. */
function wordsOf({ text = '', textFormat = 'markdown', suggestedActions, channelData }: Activity, links: Links): Words {
  if (textFormat !== 'markdown') return { said: plainText(text, links), invitation: '' };
  const { choicesAt = text.length, ...filing } = channelData?.filing ?? {};
  const invitation = text.slice(choicesAt).trim();
  const list = numberedList((suggestedActions?.actions ?? []).map(({ title }) => title));
  return {
    said: saidText(text.slice(0, choicesAt), filing, links),
    invitation: markdownText(invitation.endsWith(list) ? invitation.slice(0, invitation.length - list.length) : invitation, links),
  };
}

/** The values of a summary are the customer's own words, with stars for what is covered: they are no Markdown. */
function saidText(said: string, { summaryAt, summaryEnd }: { summaryAt?: number; summaryEnd?: number }, links: Links): string {
  if (summaryAt === undefined || summaryEnd === undefined) return markdownText(said, links);
  const summary = said.slice(summaryAt, summaryEnd).replace(/^- /gm, '• ');
  return paragraphs(markdownText(said.slice(0, summaryAt), links), plainText(summary, links), markdownText(said.slice(summaryEnd), links));
}

function itemOf({ title, value }: SuggestedAction, links: Links): Menu['items'][number] {
  return { title: plainText(title, links).replace(/\s*\n\s*/g, ' '), value };
}

function fitsMenu(items: Menu['items'], { menus, mostItems, itemBytes }: Dialect): boolean {
  const fits = ({ title }: { title: string }) => title !== '' && byteLength(title) <= itemBytes;
  return menus && items.length > 0 && items.length <= mostItems && items.every(fits);
}

/** As little as possible goes out before the menu: its head takes the end of what was said, and mostly that is all of it. */
function withMenu(said: string, invitation: string, items: Menu['items'], dialect: Dialect): Part[] {
  const texts = split(said, dialect.textBytes);
  const whole = paragraphs(texts.at(-1), invitation);
  if (fitsHead(whole, dialect)) return [...texts.slice(0, -1).map(textPart), { kind: 'menu', head: whole, items }];
  if (fitsHead(invitation, dialect)) return [...texts.map(textPart), { kind: 'menu', head: invitation, items }];
  const all = split(paragraphs(said, invitation), dialect.textBytes);
  return [...all.map(textPart), { kind: 'menu', head: messages.choiceInvitation, items }];
}

/** No document says that the head of a menu opens links, so what has them stays a text. */
function fitsHead(head: string, { headBytes }: Dialect): boolean {
  return head !== '' && byteLength(head) <= headBytes && !head.includes('<a href=');
}

/** The choices stay together below each other as far as a message reaches. */
function asText(said: string, invitation: string, items: Menu['items'], { textBytes }: Dialect): Part[] {
  const texts = split(said, textBytes);
  const choices = paragraphs(invitation, numberedList(items.map(({ title }) => title)));
  const last = paragraphs(texts.at(-1), choices);
  const parts =
    byteLength(last) <= textBytes ? [...texts.slice(0, -1), ...split(last, textBytes)] : [...texts, ...split(choices, textBytes)];
  return parts.map(textPart);
}

function textPart(text: string): Part {
  return { kind: 'text', text };
}
