import type { IncomingHttpHeaders } from 'node:http';
import { type CallbackAccount, openAnswer } from './callback.ts';
import type { MediaStore } from './media.ts';
import { type Article, type Picture, textPicture } from './phone.ts';
import { readXml, type XmlElement } from './xml.ts';

/** What the bot answered to a push, byte for byte. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What was pushed, as far as an answer has to fit it. */
export interface Asked {
  account: CallbackAccount;
  /** The key of the request. */
  aesKey: string;
  /** FromUserName of the message. */
  from: string;
}

export type Verdict =
  | { outcome: 'ok-empty' }
  | { outcome: 'ok-reply'; picture: Picture }
  | { outcome: 'ok-reply'; transfer: { to?: string } }
  | { outcome: 'illegal' | 'refused'; why: string };

class Illegal extends Error {}

const textBytes = 2048;

/**
 * Judges an answer as WeChat does: nothing, the bare word `success`, or a reply in one of the documented shapes and in the mode of the
 * account. Everything else shows the person that the account is out of order.
 */
export async function judge(answer: RawAnswer, asked: Asked, media: MediaStore): Promise<Verdict> {
  const { status, headers, body } = answer;
  if (status >= 300 && status < 400) return { outcome: 'illegal', why: `redirected with ${status}` };
  if (status !== 200) return { outcome: 'refused', why: `status ${status}` };
  if (headers['content-encoding'] !== undefined) return { outcome: 'illegal', why: `Content-Encoding ${headers['content-encoding']}` };
  if (body.length === 0 || body.equals(Buffer.from('success'))) return { outcome: 'ok-empty' };
  try {
    return { outcome: 'ok-reply', ...readReply(readXml(await readPlain(readUtf8(body), asked)), asked, media) };
  } catch (error) {
    if (error instanceof Error) return { outcome: 'illegal', why: `${error.message}: ${body.subarray(0, 200).toString()}` };
    throw error;
  }
}

function readUtf8(body: Buffer): string {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  if (text.startsWith('\ufeff')) throw new Illegal('begins with a byte order mark');
  if (text !== text.trim()) throw new Illegal('white space around the answer');
  if (!text.startsWith('<')) throw new Illegal('neither empty, success nor XML');
  return text;
}

async function readPlain(text: string, { account, aesKey }: Asked): Promise<string> {
  const root = readXml(text);
  const encrypted = root.children.some(({ name }) => name === 'Encrypt');
  if (!encrypted && account.mode === 'secure') throw new Illegal('not encrypted');
  if (!encrypted) return text;
  if (account.mode === 'plaintext') throw new Illegal('encrypted, for an account in plaintext');
  const fields = fieldsOf(root, ['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce']);
  const [encrypt, signature, timestamp, nonce] = ['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce'].map((name) => textOf(fields, name));
  return openAnswer(account, aesKey, {
    encrypt: encrypt ?? '',
    signature: signature ?? '',
    timestamp: timestamp ?? '',
    nonce: nonce ?? '',
  });
}

type Fields = Map<string, XmlElement>;
type Reply = { picture: Picture } | { transfer: { to?: string } };

const header = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType'];

function readReply(root: XmlElement, { account, from }: Asked, media: MediaStore): Reply {
  const type = textOf(new Map(root.children.map((child) => [child.name, child])), 'MsgType');
  const shape = shapes[type];
  if (!shape) throw new Illegal(`unknown MsgType ${JSON.stringify(type)}`);
  const fields = fieldsOf(root, [...header, ...shape.fields, ...(account.family === 'wecom' ? ['AgentID'] : [])]);
  if (textOf(fields, 'ToUserName') !== from) throw new Illegal('ToUserName is not the person');
  if (textOf(fields, 'FromUserName') !== account.toUserName) throw new Illegal('FromUserName is not the account');
  if (!/^\d{9,10}$/.test(textOf(fields, 'CreateTime'))) throw new Illegal('CreateTime is not in seconds');
  return shape.read(fields, account, media);
}

interface Shape {
  /** Beside those of the header. */
  fields: string[];
  read(fields: Fields, account: CallbackAccount, media: MediaStore): Reply;
}

const shapes: Record<string, Shape> = {
  text: { fields: ['Content'], read: (fields, account) => ({ picture: readText(textOf(fields, 'Content'), account) }) },
  image: fileShape('image', 'Image', ['MediaId']),
  voice: fileShape('voice', 'Voice', ['MediaId']),
  video: fileShape('video', 'Video', ['MediaId', 'Title', 'Description']),
  music: {
    fields: ['Music'],
    read: (fields) => {
      const music = inner(fields, 'Music', ['Title', 'Description', 'MusicUrl', 'HQMusicUrl', 'ThumbMediaId']);
      return { picture: { kind: 'music', title: optional(music, 'Title'), url: optional(music, 'MusicUrl') } };
    },
  },
  news: { fields: ['ArticleCount', 'Articles'], read: (fields) => ({ picture: readNews(fields) }) },
  transfer_customer_service: {
    fields: ['TransInfo'],
    read: (fields, account) => {
      if (account.family === 'wecom') throw new Illegal('unknown MsgType for WeCom');
      return { transfer: fields.has('TransInfo') ? { to: textOf(inner(fields, 'TransInfo', ['KfAccount']), 'KfAccount') } : {} };
    },
  },
};

function fileShape(kind: 'image' | 'voice' | 'video', element: string, parts: string[]): Shape {
  return {
    fields: [element],
    read: (fields, account, media) => ({ picture: readFile(kind, inner(fields, element, parts), account, media) }),
  };
}

function readText(text: string, account: CallbackAccount): Picture {
  if (text === '') throw new Illegal('an empty Content');
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= textBytes) return textPicture(text);
  if (account.family === 'official-account') throw new Illegal(`a text of ${bytes.length} bytes`);
  // WeCom cuts, also in the middle of a character.
  return textPicture(new TextDecoder().decode(bytes.subarray(0, textBytes)));
}

function readFile(kind: 'image' | 'voice' | 'video', fields: Fields, account: CallbackAccount, media: MediaStore): Picture {
  const mediaId = textOf(fields, 'MediaId');
  const file = media.find(mediaId, account.receiveId);
  if (!file) throw new Illegal(`no media ${mediaId}`);
  if (file.kind !== kind) throw new Illegal(`media ${mediaId} is no ${kind}`);
  return { kind, mediaId, bytes: file.bytes };
}

function readNews(fields: Fields): Picture {
  const { children, text } = fields.get('Articles') ?? { children: [], text: '' };
  if (text !== '' || children.length === 0) throw new Illegal('Articles without items');
  if (textOf(fields, 'ArticleCount') !== String(children.length)) throw new Illegal('ArticleCount differs from the items');
  if (children.length > 1) throw new Illegal('more than one article');
  const articles = children.map((item): Article => {
    if (item.name !== 'item') throw new Illegal(`<${item.name}> in Articles`);
    const parts = fieldsOf(item, ['Title', 'Description', 'PicUrl', 'Url']);
    return {
      title: textOf(parts, 'Title'),
      description: textOf(parts, 'Description'),
      url: textOf(parts, 'Url'),
      picture: textOf(parts, 'PicUrl'),
    };
  });
  return { kind: 'news', articles };
}

/** The children by name; none twice, none that the shape does not have. */
function fieldsOf({ name, children, text }: XmlElement, allowed: readonly string[]): Fields {
  if (text !== '') throw new Illegal(`characters in <${name}>`);
  const fields: Fields = new Map();
  for (const child of children) {
    if (!allowed.includes(child.name)) throw new Illegal(`<${child.name}> in <${name}>`);
    if (fields.has(child.name)) throw new Illegal(`<${child.name}> twice`);
    fields.set(child.name, child);
  }
  return fields;
}

function inner(fields: Fields, name: string, allowed: string[]): Fields {
  const element = fields.get(name);
  if (!element) throw new Illegal(`no <${name}>`);
  return fieldsOf(element, allowed);
}

function textOf(fields: Fields, name: string): string {
  const element = fields.get(name);
  if (!element) throw new Illegal(`no <${name}>`);
  if (element.children.length > 0) throw new Illegal(`<${name}> has elements in it`);
  return element.text;
}

function optional(fields: Fields, name: string): string {
  return fields.has(name) ? textOf(fields, name) : '';
}
