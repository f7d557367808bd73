import { z } from 'zod';
import { type Answer, ApiError, bytesOf, type Call, json, readJson, requireText } from './api-call.ts';
import type { Follower } from './follower.ts';
import type { OfficialAccount } from './official-account.ts';
import { type Picture, textPicture } from './phone.ts';
import type { World } from './world.ts';

/** `POST` unless it says `GET`. Gives what is in the answer beside errcode and errmsg. */
export type OfficialAccountRoute = { method?: 'GET'; run: (call: Call, account: OfficialAccount, world: World) => object | Answer };

const typingMs = 15_000;
const exchangeMs = 30_000;
const textBytes = 2048;

const kfAccount = z.strictObject({ kf_account: z.string() }).optional();
const to = { touser: z.string(), customservice: kfAccount };
const menuLine = z.strictObject({ id: z.string().min(1), content: z.string() });
const article = z.strictObject({ title: z.string(), description: z.string(), url: z.string(), picurl: z.string() });

const customMessage = z.discriminatedUnion('msgtype', [
  z.strictObject({ ...to, msgtype: z.literal('text'), text: z.strictObject({ content: z.string() }) }),
  z.strictObject({ ...to, msgtype: z.literal('image'), image: z.strictObject({ media_id: z.string() }) }),
  z.strictObject({ ...to, msgtype: z.literal('voice'), voice: z.strictObject({ media_id: z.string() }) }),
  z.strictObject({
    ...to,
    msgtype: z.literal('video'),
    video: z.strictObject({
      media_id: z.string(),
      thumb_media_id: z.string(),
      title: z.string().optional(),
      description: z.string().optional(),
    }),
  }),
  z.strictObject({
    ...to,
    msgtype: z.literal('music'),
    music: z.strictObject({
      title: z.string().optional(),
      description: z.string().optional(),
      musicurl: z.string(),
      hqmusicurl: z.string(),
      thumb_media_id: z.string(),
    }),
  }),
  z.strictObject({ ...to, msgtype: z.literal('news'), news: z.strictObject({ articles: z.array(article) }) }),
  z.strictObject({
    ...to,
    msgtype: z.literal('msgmenu'),
    msgmenu: z.strictObject({ head_content: z.string(), list: z.array(menuLine), tail_content: z.string().optional() }),
  }),
  z.strictObject({
    ...to,
    msgtype: z.literal('miniprogrampage'),
    miniprogrampage: z.strictObject({ title: z.string(), appid: z.string(), pagepath: z.string(), thumb_media_id: z.string() }),
  }),
]);
type CustomMessage = z.infer<typeof customMessage>;

const typing = z.strictObject({ touser: z.string(), command: z.string() });

const template = z.strictObject({
  touser: z.string(),
  template_id: z.string(),
  url: z.string().optional(),
  miniprogram: z.strictObject({ appid: z.string(), pagepath: z.string().optional() }).optional(),
  client_msg_id: z.string().optional(),
  data: z.record(z.string(), z.strictObject({ value: z.string(), color: z.string().optional() })),
});

export const officialAccountRoutes: Record<string, OfficialAccountRoute> = {
  '/cgi-bin/message/custom/send': { run: sendCustom },
  '/cgi-bin/message/custom/typing': { run: showTyping },
  '/cgi-bin/message/template/send': { run: sendTemplate },
  '/cgi-bin/getcallbackip': { method: 'GET', run: () => ({ ip_list: ['127.0.0.1', '101.226.103.0/25'] }) },
  '/cgi-bin/get_api_domain_ip': { method: 'GET', run: () => ({ ip_list: ['127.0.0.1'] }) },
  '/cgi-bin/clear_quota': { run: () => ({}) },
  '/cgi-bin/openapi/rid/get': {
    run: () => ({ request: { invoke_time: 0, cost_in_ms: 1, request_url: '', request_body: '', response_body: '' } }),
  },
  '/cgi-bin/menu/create': { run: createMenu },
  '/cgi-bin/menu/get': { method: 'GET', run: (_, account) => getMenu(account) },
  '/cgi-bin/menu/delete': { method: 'GET', run: (_, account) => deleteMenu(account) },
};

function sendCustom(call: Call, account: OfficialAccount, world: World): object {
  if (!account.certified && !account.sandbox) throw new ApiError(48001);
  const tooMany = account.countSend();
  if (tooMany) throw new ApiError(tooMany);
  const message = readJson(call, customMessage);
  const picture = pictureOf(message, account, world);
  const person = reachable(account, message.touser);
  const refused = person.grants.take();
  if (refused) throw new ApiError(refused);
  const by = message.customservice?.kf_account;
  person.phone.show({ ...picture, via: 'api', ...(by !== undefined && { by }) });
  return {};
}

function reachable(account: OfficialAccount, openId: string): Follower {
  const person = account.find(openId);
  if (!person) throw new ApiError(40003);
  if (person.blacklisted) throw new ApiError(43019);
  if (person.refuses) throw new ApiError(48002);
  if (!person.hasFollowed) throw new ApiError(43004);
  if (!person.following) throw new ApiError(45015);
  return person;
}

function pictureOf(message: CustomMessage, account: OfficialAccount, world: World): Picture {
  const file = (kind: 'image' | 'voice' | 'video', mediaId: string): Picture => {
    const media = world.media.find(mediaId, account.client.id);
    if (media?.kind !== kind) throw new ApiError(40007);
    return { kind, mediaId, bytes: media.bytes };
  };
  switch (message.msgtype) {
    case 'text':
      return textPicture(requireText(message.text.content, textBytes));
    case 'image':
      return file('image', message.image.media_id);
    case 'voice':
      return file('voice', message.voice.media_id);
    case 'video':
      return file('video', message.video.media_id);
    case 'music':
      return { kind: 'music', title: message.music.title ?? '', url: message.music.musicurl };
    case 'news':
      return newsPicture(message.news.articles);
    case 'msgmenu':
      return menuPicture(message.msgmenu, account);
    case 'miniprogrampage':
      return { kind: 'mini-program', title: message.miniprogrampage.title };
  }
}

function newsPicture(articles: z.infer<typeof article>[]): Picture {
  const [only, second] = articles;
  if (!only || second) throw new ApiError(45008);
  if (only.title === '' || only.title.length > 64) throw new ApiError(45003);
  if (only.description.length > 120) throw new ApiError(45004);
  if (!/^https?:\/\//.test(only.url) || bytesOf(only.url) > 1024) throw new ApiError(45005);
  if (only.picurl !== '' && !/^https?:\/\//.test(only.picurl)) throw new ApiError(45006);
  return { kind: 'news', articles: [{ title: only.title, description: only.description, url: only.url, picture: only.picurl }] };
}

function menuPicture(
  { head_content, list, tail_content = '' }: Extract<CustomMessage, { msgtype: 'msgmenu' }>['msgmenu'],
  { sandbox }: OfficialAccount,
): Picture {
  if (sandbox) throw new ApiError(40200);
  if (list.length < 1 || list.length > 10) throw new ApiError(47001, `${list.length} lines in a msgmenu`);
  if (new Set(list.map(({ id }) => id)).size < list.length) throw new ApiError(47001, 'two lines with one id');
  if (list.some(({ id }) => bytesOf(id) > 128)) throw new ApiError(47001, 'an id of more than 128 bytes');
  if (bytesOf(tail_content) > 1024) throw new ApiError(45002);
  const lines = list.map(({ id, content }) => ({ id, text: requireText(content, 128) }));
  return { kind: 'menu', head: requireText(head_content, 1024), lines, tail: tail_content };
}

function showTyping(call: Call, account: OfficialAccount, { clock }: World): object {
  if (!account.certified && !account.sandbox) throw new ApiError(48001);
  const { touser, command } = readJson(call, typing);
  const person = reachable(account, touser);
  if (command !== 'Typing' && command !== 'CancelTyping') throw new ApiError(45072);
  if (!person.grants.isOpen || clock.now() - person.lastActedAt > exchangeMs) throw new ApiError(45080);
  if (command === 'CancelTyping') person.phone.showTyping(0);
  else if (person.seesTyping) throw new ApiError(45081);
  else person.phone.showTyping(clock.now() + typingMs);
  return {};
}

function sendTemplate(call: Call, account: OfficialAccount, world: World): object {
  if (!account.certified) throw new ApiError(48001);
  const { touser, template_id, data, client_msg_id } = readJson(call, template);
  if (!account.templates.has(template_id)) throw new ApiError(40037);
  const person = account.find(touser);
  if (!person) throw new ApiError(40003);
  if (!person.following) throw new ApiError(43004);
  const before = account.sentTemplates.find(({ clientMsgId }) => clientMsgId !== undefined && clientMsgId === client_msg_id);
  if (before) return { msgid: before.msgId };
  const words = Object.entries(data).map(([name, { value }]) => `${name}: ${value}`);
  person.phone.show({ kind: 'text', text: words.join('\n'), links: [], via: 'api', by: template_id });
  const msgid = Number(world.dice.digits(15));
  account.sentTemplates.push({ touser, templateId: template_id, msgId: msgid, clientMsgId: client_msg_id });
  return { msgid };
}

const subButton = z.looseObject({ name: z.string(), type: z.string() });
const topButton = z.looseObject({ name: z.string(), type: z.string().optional(), sub_button: z.array(subButton).optional() });
const menu = z.strictObject({ button: z.array(topButton) });
const buttonTypes =
  /^(click|view|miniprogram|scancode_push|scancode_waitmsg|pic_sysphoto|pic_photo_or_album|pic_weixin|location_select|media_id|article_id)$/;

function createMenu(call: Call, account: OfficialAccount): object {
  const { button } = readJson(call, menu);
  if (button.length < 1 || button.length > 3) throw new ApiError(40016);
  for (const { name, type, sub_button = [] } of button) {
    if (bytesOf(name) > 16) throw new ApiError(40018);
    if (sub_button.length > 5) throw new ApiError(40023);
    if (sub_button.length === 0 && !buttonTypes.test(type ?? '')) throw new ApiError(40017);
    for (const sub of sub_button) {
      if (bytesOf(sub.name) > 60) throw new ApiError(40025);
      if (!buttonTypes.test(sub.type)) throw new ApiError(40024);
    }
  }
  account.menu = { button };
  return {};
}

function getMenu({ menu: kept }: OfficialAccount): Answer {
  if (!kept) throw new ApiError(46003);
  return json({ menu: kept });
}

function deleteMenu(account: OfficialAccount): object {
  account.menu = undefined;
  return {};
}
